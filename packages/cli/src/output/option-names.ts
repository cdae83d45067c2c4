/** Says the words of @tokenwright/jwt, which name the library's options, in the options of the command line. */

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['acceptNeverExpiring', '--accept-never-expiring'],
  ['algorithm', '--alg'],
  ['algorithms', '--alg'],
  ['audience', '--audience'],
  ['clockTolerance', '--tolerance'],
  ['decryptWith', '--decrypt-key'],
  ['encryptWith', '--encrypt-key'],
  ['expiresAt', '--expires-at'],
  ['issuer', '--issuer'],
  ['jwtId', '--jwt-id'],
  ['maxAge', '--max-age'],
  ['maxLifetime', '--max-lifetime'],
  ['maxSession', '--max-session'],
  ['name', '--name'],
  ['neverExpires', '--never-expires'],
  ['notBefore', '--not-before'],
  ['requiredClaims', '--require'],
  ['roles', '--role'],
  ['scopes', '--scope'],
  ['signWith', '--key'],
  ['subject', '--subject'],
  ['typ', '--typ'],
  ['url', '--key'],
  ['validFor', '--valid-for'],
]);

/**
 * A sentence with the command line's names.
 *
 * @param option the option the sentence is about; one without capitals is only then told from an ordinary word.
 */
export function inOptions(sentence: string, option?: string): string {
  const named = option !== undefined && sentence.startsWith(`${option} `) ? OPTIONS.get(option) : undefined;
  const about = named === undefined ? sentence : `${named}${sentence.slice(option?.length)}`;
  return about
    .replace(/\b([a-z]+[A-Z]\w*)(?:\(\))?/g, (word, name: string) => OPTIONS.get(name) ?? word)
    .replace(/\{ (hex|base64url|text) \}/g, '$1:…')
    .replace(/\{ (?:pem|jwk) \}/g, '@FILE');
}
