/** The keys that were given to a validator and do not change. */
import { primaryName } from '../algorithms.js';
import { InvalidOption } from '../errors.js';
import type { ProtectedHeader } from '../token.js';
import { candidatesFor, checkKeyIds, checkNameless } from './candidates.js';
import { importKey } from './import.js';
import type { Key } from './key.js';
import { KeySet } from './key-set.js';
import type { KeySource } from './sources.js';

/** A fixed list of keys. */
export class LocalKeys extends KeySet {
  readonly algorithms: ReadonlySet<string>;
  readonly #keys: readonly Key[];
  /** Headers are shared by all tokens that have them, so what was found for one need not be looked for again. */
  readonly #found = new WeakMap<ProtectedHeader, readonly Key[]>();

  /** @throws InvalidOption for secrets beside public keys, two keys of one key ID, or many that have none. */
  constructor(keys: readonly Key[]) {
    super();
    checkKeys(keys, 'keys');
    checkNameless(keys, 'keys');
    this.#keys = Object.freeze([...keys]);
    this.algorithms = new Set(keys.map((key) => key.algorithm));
  }

  candidates(header: ProtectedHeader): readonly Key[] {
    let found = this.#found.get(header);
    if (found === undefined) {
      const fitting = this.#keys.filter((key) => key.algorithm === primaryName(header.alg));
      found = candidatesFor(fitting, header.kid);
      this.#found.set(header, found);
    }
    return found;
  }

  has(key: Key): boolean {
    return this.#keys.includes(key);
  }

  toString(): string {
    return this.#keys.map(String).join(' or ');
  }
}

/**
 * The keys of an option `keys`: a set as it is, anything else imported, of each key the side that verifies.
 *
 * @throws InvalidOption, InvalidKey for no keys, keys that cannot be used, or keys that cannot stand side by side.
 */
export function keySetFrom(given: KeySource | readonly KeySource[] | KeySet): KeySet {
  if (given instanceof KeySet) return given;
  const sources = (Array.isArray(given) ? given : [given]) as readonly unknown[];
  if (sources.length === 0 || sources[0] === undefined) {
    throw new InvalidOption('keys', 'is missing', 'Give the key that the tokens are signed with.');
  }
  if (sources.some((source) => source instanceof KeySet)) {
    throw new InvalidOption(
      'keys',
      'has a set of keys in a list',
      'Give a KeyRing or a remote JWK Set alone; for several issuers use issuers.',
    );
  }
  return new LocalKeys(sources.map((source) => importKey(source as KeySource).verifyingSide()));
}

/**
 * Secrets and public keys in one set, or two keys of one ID, make it unclear what a token's key ID means.
 *
 * @throws InvalidOption for such a set.
 */
export function checkKeys(keys: readonly Key[], option: string): void {
  if (keys.some((key) => key.isSecret) && keys.some((key) => !key.isSecret)) {
    throw new InvalidOption(
      option,
      'mixes shared secrets with public keys',
      'Keep them apart: one validator, or one ring, for each kind.',
    );
  }
  checkKeyIds(keys, option);
}
