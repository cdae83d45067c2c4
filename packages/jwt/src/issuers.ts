/** Several issuers in one validator, each with its own keys and audiences (RFC 8725 §3.8). */
import { InvalidOption } from './errors.js';
import type { Key } from './keys/key.js';
import { KeySet } from './keys/key-set.js';
import { checkOptionNames } from './option-names.js';
import { type Rules, rulesOfOne } from './rules.js';
import {
  type IssuerOptions,
  type SeveralIssuersOptions,
  TOKEN_OPTIONS,
  type ValidatorOptions,
} from './validator-options.js';

/**
 * The rules of a validator, of one issuer or of several.
 *
 * @throws InvalidOption, InvalidKey for anything that would accept more than was meant.
 */
export function rulesFrom(options: ValidatorOptions<object> | SeveralIssuersOptions<object>): Rules {
  checkOptionNames(options, VALIDATOR_OPTIONS, 'a validator');
  return options.issuers === undefined ? rulesOfOne(options) : rulesOfSeveral(options);
}

const ISSUER_OPTIONS: Readonly<Record<keyof IssuerOptions, true>> = {
  issuer: true,
  keys: true,
  audience: true,
};
const VALIDATOR_OPTIONS: Readonly<Record<keyof ValidatorOptions, true>> = {
  ...ISSUER_OPTIONS,
  issuers: true,
  ...TOKEN_OPTIONS,
};

/**
 * The rules of a validator of several issuers. They hold complete rules for each, of which the `iss` of a token chooses.
 *
 * @throws InvalidOption for no issuer, one twice, or `keys`, `issuer` or `audience` beside them.
 */
function rulesOfSeveral(options: SeveralIssuersOptions<object>): Rules {
  const { issuers, keys, issuer, audience, ...common } = options;
  if (keys !== undefined || issuer !== undefined || audience !== undefined) {
    throw new InvalidOption(
      'issuers',
      'stands beside keys, issuer or audience',
      'With several issuers each has its own: issuers: [{ issuer, keys, audience }, …].',
    );
  }
  if (!Array.isArray(issuers) || issuers.length === 0) {
    throw new InvalidOption('issuers', 'is no list with an issuer', 'Give [{ issuer, keys, audience }, …].');
  }
  const entries = new Map<string, Rules>();
  for (const entry of issuers as readonly IssuerOptions[]) {
    const name: unknown = entry?.issuer;
    if (typeof name !== 'string' || name === '') {
      throw new InvalidOption('issuers', 'has one without a name', 'Give each its issuer as a string.');
    }
    if (entries.has(name)) {
      throw new InvalidOption('issuers', 'names an issuer twice', 'Give its keys and audiences together.');
    }
    checkOptionNames(entry, ISSUER_OPTIONS, 'one of several issuers');
    entries.set(name, rulesOfOne({ ...common, issuer: name, keys: entry.keys, audience: entry.audience }));
  }
  const [first] = entries.values();
  if (first === undefined) throw new InvalidOption('issuers', 'is empty', 'Give at least one.');
  return Object.freeze({
    ...first,
    keys: new KeysOfIssuers(entries),
    issuers: entries,
    issuer: [...entries.keys()],
  });
}

/** The keys of all issuers together: for words, and to know early that an algorithm is nobody's. They verify nothing. */
class KeysOfIssuers extends KeySet {
  readonly #issuers: ReadonlyMap<string, Rules>;

  constructor(issuers: ReadonlyMap<string, Rules>) {
    super();
    this.#issuers = issuers;
  }

  get algorithms(): ReadonlySet<string> {
    return new Set([...this.#issuers.values()].flatMap(({ keys }) => [...keys.algorithms]));
  }

  override allows(algorithm: string): boolean {
    for (const { keys } of this.#issuers.values()) if (keys.allows(algorithm)) return true;
    return false;
  }

  candidates(): readonly Key[] {
    return [];
  }

  has(): boolean {
    return false;
  }

  toString(): string {
    return [...this.#issuers].map(([name, { keys }]) => `${JSON.stringify(name)}: ${keys}`).join('; ');
  }
}
