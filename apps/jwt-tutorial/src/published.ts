/** The key and the password that stand in the tutorial, which are therefore no secrets, and what is said while they are in use. */
import { createHmac } from 'node:crypto';

/** The published values, by the variable that replaces each. */
export const PUBLISHED = {
  TOKENWRIGHT_KEY: '6f1a1ce2e8cc4a5685ad0e1d1f0b8c092b6dce4f7a08b1c2d3e4f5a6b7c8d9e0',
  TOKENWRIGHT_PASSWORD: 'password',
} as const;

/** The variables whose value everybody can read in the tutorial. */
export function publishedSettings({ key, password }: { key: string; password: string }): string[] {
  return [
    ...(signature(key) === signature(PUBLISHED.TOKENWRIGHT_KEY) ? ['TOKENWRIGHT_KEY'] : []),
    ...(password === PUBLISHED.TOKENWRIGHT_PASSWORD ? ['TOKENWRIGHT_PASSWORD'] : []),
  ];
}

/** The warning, for the log and for the terminal; undefined when there is nothing to warn of. */
export function publishedWarning(published: readonly string[]): string | undefined {
  if (published.length === 0) return undefined;
  return `${published.join(' and ')}: published in the tutorial, known to everybody. For anything but trying it out set your own.`;
}

/**
 * Keys are told apart by what they sign: HMAC fills a key with zero bytes (RFC 2104 §2), so that different digits can be
 * the same key.
 */
function signature(hexadecimal: string): string {
  return createHmac('sha256', Buffer.from(hexadecimal, 'hex')).update('').digest('hex');
}
