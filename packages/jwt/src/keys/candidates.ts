/** Which of several keys a token may be for: the one its key ID names, else a few that have none. */
import { InvalidOption } from '../errors.js';

/** What a key tells of its name; a `kid` that nobody gave is its thumbprint. */
interface NamedKey {
  readonly kid: string | undefined;
  answersTo(kid: string | undefined): boolean;
}

/** More keys than this are not tried for one token, whoever configured them. */
export const MAX_CANDIDATES = 4;

/** The keys that a token with this key ID may be for, of those that go with its algorithm. */
export function candidatesFor<K extends NamedKey>(keys: readonly K[], kid: string | undefined): readonly K[] {
  const named = keys.filter((key) => key.kid !== undefined && key.kid === kid);
  // A key that has the very ID decides alone; a thumbprint that nobody gave as an ID leaves others possible.
  return named.length > 0 ? named : keys.filter((key) => key.answersTo(kid));
}

/** @throws InvalidOption for two keys of one ID, which makes it unclear what a token's key ID means. */
export function checkKeyIds(keys: readonly NamedKey[], option: string): void {
  const ids = keys.map((key) => key.kid).filter((kid) => kid !== undefined);
  if (new Set(ids).size === ids.length) return;
  throw new InvalidOption(option, 'has two keys of one key ID (kid)', 'Give each key an ID of its own.');
}

/** @throws InvalidOption for more keys without an ID than would be tried: the last of them would refuse good tokens. */
export function checkNameless(
  keys: readonly (NamedKey & { readonly algorithm: string })[],
  option: string,
): void {
  const nameless = keys.filter((key) => key.kid === undefined);
  for (const { algorithm } of nameless) {
    if (nameless.filter((key) => key.algorithm === algorithm).length <= MAX_CANDIDATES) continue;
    throw new InvalidOption(
      option,
      `has more than ${MAX_CANDIDATES} keys for ${algorithm} without a key ID`,
      'Give each a kid: { …, kid }.',
    );
  }
}
