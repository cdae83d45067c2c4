/** Imports JWK Sets (RFC 7517 §5): the keys that sign or verify, each through the same door as any other key. */
import { signatureAlgorithm } from '../algorithms.js';
import { InvalidKey } from '../errors.js';
import { isObject, parseObject } from '../json.js';
import { hasRepeatedMember } from '../repeated-members.js';
import { readKeyFile, textOfFile } from './file.js';
import { importKey } from './import.js';
import type { Key } from './key.js';
import { missingInRuntime } from './runtime.js';
import { nonEmptyText, otherFormat } from './secret.js';

/** More keys than this are in no set that a person made, and each one costs time to import. */
const MAX_JWKS_KEYS = 100;

/** A JWK Set: the object, its JSON text, or the `file:` URL of that. */
export type JwksSource = { readonly keys: readonly unknown[] } | string | URL;

/**
 * The keys of a JWK Set. Left out are those that are not for signatures (`use`, `key_ops`, `alg`) and those whose type,
 * curve or algorithm there is not here or not in this runtime, as RFC 7517 §5 wants it; every other key must be good.
 *
 * @throws InvalidKey for what is no JWK Set, an empty one, one without a key to use, more than 100 keys, a member that
 * stands twice, secrets and public keys in one set, two keys of one `kid`, or a key that {@link importKey} refuses.
 * @example
 * ```ts
 * const keys = importJwks(new URL('file:///etc/keys/issuer.jwks.json'));
 * ```
 */
export function importJwks(set: JwksSource): readonly Key[] {
  const entries = entriesOf(jwksObject(set));
  const secrets = entries.filter((entry) => entry['kty'] === 'oct').length;
  if (secrets > 0 && secrets < entries.length) {
    throw new InvalidKey(
      'The JWK Set mixes shared secrets with public keys.',
      'Keep secrets in a set of their own: whoever reads the public keys reads them too.',
    );
  }
  const ours = entries.filter(isForUs);
  const keys = ours.map((entry) => keyAt(entry, entries.indexOf(entry)));
  if (keys.length === 0) {
    throw new InvalidKey(
      'No key of the JWK Set is for signatures that are known here.',
      'Give a set that has one.',
    );
  }
  const ids = ours.map((entry) => entry['kid']).filter((kid) => kid !== undefined);
  if (new Set(ids).size !== ids.length) {
    throw new InvalidKey(
      'The JWK Set has two keys of one key ID (kid).',
      'Give each key an ID of its own (RFC 7517 §4.5).',
    );
  }
  return Object.freeze(keys);
}

function jwksObject(set: unknown): Record<string, unknown> {
  if (!(set instanceof URL) && typeof set !== 'string') {
    if (isObject(set)) return set;
    throw new InvalidKey('The JWK Set is no JSON object.', 'Give the set, its JSON text or its file: URL.');
  }
  const bytes = set instanceof URL ? readKeyFile(set) : undefined;
  const text = bytes === undefined ? nonEmptyText(set, 'jwks').replace(/^\uFEFF/, '') : textOfFile(bytes);
  const parsed = parseObject(text);
  if (parsed === undefined) {
    throw (
      otherFormat(bytes ?? text, 'jwks') ??
      new InvalidKey('The JWK Set is no JSON object.', 'Give the set, its JSON text or its file: URL.')
    );
  }
  if (hasRepeatedMember(text)) {
    throw new InvalidKey(
      'The JWK Set has a member twice (RFC 7517 §4).',
      'Find out which of the two is meant.',
    );
  }
  return parsed;
}

function entriesOf({ keys, kty }: Record<string, unknown>): readonly Record<string, unknown>[] {
  if (!Array.isArray(keys)) {
    throw new InvalidKey(
      kty === undefined ? 'The JWK Set has no list of `keys`.' : 'That is one JWK, and a set was asked for.',
      kty === undefined ? 'Give { keys: [ … ] } (RFC 7517 §5.1).' : 'Import it with importKey({ jwk }).',
    );
  }
  if (keys.length === 0) throw new InvalidKey('The JWK Set is empty.', 'Give a set that has keys.');
  if (keys.length > MAX_JWKS_KEYS) {
    throw new InvalidKey(
      `The JWK Set has ${keys.length} keys, and ${MAX_JWKS_KEYS} are the most.`,
      'Take out those that no token uses.',
    );
  }
  const strange = keys.findIndex((entry) => !isObject(entry));
  if (strange !== -1) throw new InvalidKey(`The JWK Set has no JWK at position ${strange}.`, 'Mend the set.');
  return keys as readonly Record<string, unknown>[];
}

const TYPES: readonly unknown[] = ['oct', 'RSA', 'EC', 'OKP', 'AKP'];
/** Others agree on keys (X25519), sign with algorithms of their own (secp256k1), or are not known yet. */
const CURVES: readonly string[] = ['P-256', 'P-384', 'P-521', 'Ed25519'];

/** Whether an entry is meant for signatures of a kind that there is here; whether it is good, the door says. */
function isForUs({ kty, crv, use, alg, key_ops: operations }: Record<string, unknown>): boolean {
  if (!TYPES.includes(kty)) return false;
  if ((kty === 'EC' || kty === 'OKP') && typeof crv === 'string' && !CURVES.includes(crv)) return false;
  if (use !== undefined && use !== 'sig') return false;
  if (Array.isArray(operations) && !operations.includes('sign') && !operations.includes('verify'))
    return false;
  if (typeof alg !== 'string') return true;
  const row = signatureAlgorithm(alg);
  return row !== undefined && missingInRuntime(row) === undefined;
}

function keyAt(jwk: Record<string, unknown>, index: number): Key {
  try {
    return importKey({ jwk });
  } catch (error) {
    if (!(error instanceof InvalidKey)) throw error;
    throw new InvalidKey(`Key ${index} of the JWK Set: ${error.hint}`, error.fix);
  }
}
