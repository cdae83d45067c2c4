/** The tutorial's requests as commands for a shell. */
import type { TutorialConfig } from './config.js';

/** One request: what it shows, and the command. */
export interface TryItStep {
  readonly title: string;
  readonly command: string;
}

/**
 * The sequence: a first token, the protected route, a renewed token, the protected route again.
 *
 * @param authority the file of the development CA, when the server's certificate is from it.
 */
export function tryItSteps(
  url: string,
  authority: string | undefined,
  { user, published }: Pick<TutorialConfig, 'user' | 'published'>,
): TryItStep[] {
  const curl = authority === undefined ? 'curl -sS' : `curl -sS --cacert ${quoted(authority)}`;
  // A password of one's own is never printed; without one curl asks for it.
  const credentials = published.includes('TOKENWRIGHT_PASSWORD') ? `${user}:password` : user;
  const tokenOf = `| sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'`;
  return [
    {
      title: '1. A first token, with name and password',
      command: `TOKEN=$(${curl} -u ${quoted(credentials)} ${url}/token/new ${tokenOf})`,
    },
    {
      title: '2. The protected route',
      command: `${curl} -H "Authorization: Bearer $TOKEN" ${url}/secure/jwt/hello; echo`,
    },
    {
      title: '3. A fresh token for the one you have',
      command: `TOKEN=$(${curl} -H "Authorization: Bearer $TOKEN" ${url}/token/renew ${tokenOf})`,
    },
    {
      title: '4. The protected route, with the renewed token',
      command: `${curl} -H "Authorization: Bearer $TOKEN" ${url}/secure/jwt/hello; echo`,
    },
  ];
}

/** A text as one word of a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
