/**
 * Recognises RSA keys of the library behind CVE-2017-15361 (ROCA), which can be factored from the public key alone.
 * Facts: M. Nemec, M. Sys, P. Svenda, D. Klinec, V. Matyas, "The Return of Coppersmith's Attack", ACM CCS 2017, §2.
 */

/**
 * Whether a modulus has the fingerprint. The library made its primes as k·M + (65537^a mod M), with M the product of the
 * first primes, so the modulus too is a power of 65537 modulo every one of them, with the same exponent.
 *
 * Modulo each prime the exponent is found by counting, up to the order of 65537 there; the exponents belong to one
 * number exactly when every two of them agree modulo what their orders share (the Chinese remainder theorem). A sound
 * modulus passes for one of these with a chance below 2^-150; a test of the residues alone flags one in 2^28.
 */
export function isRocaModulus(modulus: bigint): boolean {
  const powers: { exponent: number; order: number }[] = [];
  for (const table of TABLES) {
    const exponent = table.exponents.get(Number(modulus % BigInt(table.prime)));
    if (exponent === undefined) return false;
    const order = table.exponents.size;
    if (powers.some((power) => (power.exponent - exponent) % common(power.order, order) !== 0)) return false;
    powers.push({ exponent, order });
  }
  return true;
}

/** The primes that M has for the smallest keys; the M of larger keys are multiples of it. 2 says nothing of odd numbers. */
export const SMALL_PRIMES: readonly number[] = Object.freeze(
  Array.from({ length: 167 - 2 }, (_, index) => index + 3).filter(
    (number) =>
      !Array.from({ length: 11 }, (_, index) => index + 2).some((d) => d < number && number % d === 0),
  ),
);

/** For each prime, the exponent of each power of 65537. */
const TABLES: readonly { prime: number; exponents: ReadonlyMap<number, number> }[] = SMALL_PRIMES.map(
  (prime) => {
    const exponents = new Map<number, number>();
    for (let power = 1, exponent = 0; !exponents.has(power); exponent += 1) {
      exponents.set(power, exponent);
      power = (power * 65_537) % prime;
    }
    return { prime, exponents };
  },
);

function common(a: number, b: number): number {
  return b === 0 ? a : common(b, a % b);
}
