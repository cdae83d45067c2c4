/** Sizes as people write them: a number of bytes, or `'64kb'`, `'1mb'`. */

/** A size: a number is bytes; a string carries its unit (`b`, `kb` = 1,024 bytes, `mb` = 1,024 kb). */
export type ByteSize = number | `${number}b` | `${number}kb` | `${number}mb`;

const BYTES = { b: 1, kb: 1024, mb: 1024 * 1024 } as const;
const WRITTEN = /^(\d+(?:\.\d+)?)(b|kb|mb)$/;

/**
 * Reads a size.
 *
 * @param name - the option it stands in, for the message
 * @returns whole bytes, 0 or more
 * @throws TypeError when it is no size
 */
export function bytes(size: ByteSize, name: string): number {
  const value = typeof size === 'number' ? size : written(size);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(
      `${name}: ${JSON.stringify(size)} is no size. Write a whole number of bytes (65536) or a string with its unit ('64kb', '1mb').`,
    );
  }
  return value;
}

function written(size: string): number {
  const [, amount, unit] = WRITTEN.exec(size) ?? [];
  if (amount === undefined || unit === undefined) return Number.NaN;
  return Math.round(Number(amount) * BYTES[unit as keyof typeof BYTES]);
}
