/** What an API key looks like: `<prefix>_<id><secret><checksum>`, letters and digits throughout. */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 64 random bits name a key, 256 are its secret, 32 tell a mistyped one from a wrong one. */
const ID = { bytes: 8, digits: 11 } as const;
const SECRET = { bytes: 32, digits: 43 } as const;
const CHECKSUM_DIGITS = 6;

const KEY = new RegExp(
  `^[a-z][a-z0-9]*(?:_[a-z0-9]+)*_([0-9A-Za-z]{${ID.digits}})[0-9A-Za-z]{${SECRET.digits}}[0-9A-Za-z]{${CHECKSUM_DIGITS}}$`,
);
const MAX_LENGTH = 32 + 1 + ID.digits + SECRET.digits + CHECKSUM_DIGITS;

/** A fresh key and its id. */
export function randomKey(prefix: string): { id: string; key: string } {
  const id = base62(randomBytes(ID.bytes), ID.digits);
  const body = `${prefix}_${id}${base62(randomBytes(SECRET.bytes), SECRET.digits)}`;
  return { id, key: body + checksum(body) };
}

/** The id in a key; undefined for what has not the form of one, or a checksum that does not fit. */
export function keyId(key: string): string | undefined {
  if (key.length > MAX_LENGTH) return undefined;
  const id = KEY.exec(key)?.[1];
  return checksum(key.slice(0, -CHECKSUM_DIGITS)) === key.slice(-CHECKSUM_DIGITS) ? id : undefined;
}

/** What is stored of a key. SHA-256 is enough for 256 random bits: there is nothing to guess, unlike with passwords. */
export function keyHash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Whether a prefix is one: lower case letters, digits and single underscores inside, at most 32 characters. */
export function isPrefix(prefix: unknown): prefix is string {
  return typeof prefix === 'string' && prefix.length <= 32 && /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(prefix);
}

function checksum(body: string): string {
  return digitsOf(BigInt(crc32(body)), CHECKSUM_DIGITS);
}

function base62(bytes: Buffer, digits: number): string {
  return digitsOf(BigInt(`0x${bytes.toString('hex')}`), digits);
}

function digitsOf(value: bigint, digits: number): string {
  let text = '';
  for (let rest = value; text.length < digits; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text;
  return text;
}
