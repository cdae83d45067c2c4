/** What of a JWK nobody else may see: it is taken out of the log, and a key that has it is never published. */

/** The members that only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4; RFC 8037 §2; RFC 9964 for `priv`). */
export const SECRET_JWK_MEMBERS: ReadonlySet<string> = new Set([
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
  'oth',
  'k',
  'priv',
]);
