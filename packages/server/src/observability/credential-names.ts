/** Which names in a record of the log stand for credentials: header fields, parameters of OAuth, members of objects. */

/** Endings, in small letters and without separators: `client_secret`, `clientSecret` and `X-Client-Secret` are one. */
const ENDINGS =
  /(?:token|secret|password|passwd|passphrase|apikey|assertion|cookies?|authorization|privatekey|credentials?)$/;
/** Whole names that are credentials without such an ending. */
const WHOLE: ReadonlySet<string> = new Set(['codeverifier', 'dpop', 'jwt', 'pass', 'pwd', 'sessionid']);
/** A header field of one's own for a key, as `X-Shop-Key`. */
const OWN_KEY_FIELD = /^x-.*key$/i;

/** Names are few and come again; those that clients make up must not fill the memory. */
const MOST_REMEMBERED = 1_000;
const judged = new Map<string, boolean>();

/** Whether what stands under this name is a credential. Letter case and separators don't matter. */
export function isCredentialName(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const answer = ENDINGS.test(plain) || WHOLE.has(plain) || OWN_KEY_FIELD.test(name);
  if (judged.size < MOST_REMEMBERED) judged.set(name, answer);
  return answer;
}
