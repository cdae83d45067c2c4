/** What a password is before it is hashed: the OpaqueString profile of RFC 8265 §4.2, in UTF-8, bounded. */

/** Longer passwords are refused before anything is computed, in bytes of UTF-8. Nothing is ever cut off. */
export const MAX_PASSWORD_BYTES = 1024;

/**
 * The bytes to hash: blanks of any kind become the ASCII one, then NFC, so that a password typed on one system is the
 * same on another; letters' case and width stay. Undefined for one that is too long.
 */
export function opaqueString(password: string): Buffer | undefined {
  // A UTF-16 unit takes at least one byte of UTF-8: this spares measuring what is far too long.
  if (password.length > MAX_PASSWORD_BYTES || Buffer.byteLength(password) > MAX_PASSWORD_BYTES) {
    return undefined;
  }
  return Buffer.from(password.replace(/\p{Zs}/gu, ' ').normalize('NFC'), 'utf8');
}
