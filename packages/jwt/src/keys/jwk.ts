/** Keys from JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2, RFC 9964), with what the JWK itself says about its use. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { signatureAlgorithm } from '../algorithms.js';
import { isBase64url } from '../base64url.js';
import { InvalidKey } from '../errors.js';
import { isObject, parseObject } from '../json.js';
import { hasRepeatedMember } from '../repeated-members.js';
import { readKeyFile, textOfFile } from './file.js';
import { missingInRuntime } from './runtime.js';
import { nonEmptyText, otherFormat, secretFromBytes } from './secret.js';

/** What a key may be used for, as a JWK's `use` names it (RFC 7517 §4.2). */
export type KeyUse = 'sig' | 'enc';

/** What a JWK says about itself. */
export interface JwkFacts {
  readonly alg: string | undefined;
  readonly kid: string | undefined;
  readonly use: string | undefined;
  readonly operations: ReadonlySet<string> | undefined;
  /** `ext` is false: it is not to be exported (Web Cryptography §13). */
  readonly exportable: boolean;
}

/** A JWK as an object: as it is, from its JSON text or from a file. @throws InvalidKey for what is none, or has a member twice. */
export function jwkObject(value: unknown): Record<string, unknown> {
  if (!(value instanceof URL) && typeof value !== 'string') {
    if (isObject(value)) return value;
    throw Array.isArray(value)
      ? new InvalidKey('The key given as { jwk } is a list.', 'Take the one key out of it.')
      : new InvalidKey(
          'The key given as { jwk } is no JSON object.',
          'Give the JWK, its JSON text or its file: URL.',
        );
  }
  const bytes = value instanceof URL ? readKeyFile(value) : undefined;
  const text = bytes === undefined ? nonEmptyText(value, 'jwk').replace(/^\uFEFF/, '') : textOfFile(bytes);
  const jwk = parseObject(text);
  if (jwk === undefined) {
    throw (
      otherFormat(bytes ?? text, 'jwk') ??
      new InvalidKey(
        'The key given as { jwk } is no JSON object.',
        'Give the JWK, its JSON text or its file: URL; a path is none.',
      )
    );
  }
  if (hasRepeatedMember(text)) {
    throw new InvalidKey('The JWK has a member twice (RFC 7517 §4).', 'Find out which of the two is meant.');
  }
  return jwk;
}

/** @throws InvalidKey when a member has another type than it should (RFC 7517 §4). */
export function jwkFacts(jwk: Record<string, unknown>): JwkFacts {
  if (Array.isArray(jwk['keys'])) {
    throw new InvalidKey(
      'That is a JWK Set, and one key is needed.',
      'Take the one key out of its `keys`, or use importJwks(set).',
    );
  }
  const { alg, kid, use } = jwk;
  for (const [name, value] of Object.entries({ alg, kid, use })) {
    if (value !== undefined && typeof value !== 'string') {
      throw new InvalidKey(`The JWK's \`${name}\` is no string.`, 'Mend the JWK.');
    }
  }
  if (kid === '')
    throw new InvalidKey('The key ID (kid) of the JWK is empty.', 'Give it one, or leave it out.');
  return {
    alg: alg as string | undefined,
    kid: kid as string | undefined,
    use: use as string | undefined,
    operations: checkedOperations(jwk['key_ops']),
    exportable: jwk['ext'] !== false,
  };
}

/** @throws InvalidKey for a key whose `use` or `key_ops` say that it is for something else. */
export function checkUse({ use, operations }: JwkFacts, wanted: KeyUse): void {
  if (use !== undefined && use !== wanted) {
    throw new InvalidKey(
      `The JWK is not for ${wanted === 'sig' ? 'signatures' : 'encryption'}: its \`use\` is another (RFC 7517 §4.2).`,
      `Use a key with use "${wanted}" or none.`,
    );
  }
  if (wanted === 'sig' && operations?.has('sign') === false && !operations.has('verify')) {
    throw new InvalidKey(
      'The key is not for signatures: its `key_ops` allow neither sign nor verify (RFC 7517 §4.3).',
      'Use another key.',
    );
  }
}

/**
 * The key in a JWK, and for an asymmetric one its public half as the JWK states it. Other members are ignored
 * (RFC 7517 §4).
 *
 * @throws InvalidKey for a member that is missing or misspelled, and for values that are no key.
 */
export function keyFromJwk(jwk: Record<string, unknown>): { key: KeyObject; publicKey?: KeyObject } {
  const { kty } = jwk;
  if (kty === 'oct') return { key: secretFromBytes(Buffer.from(secretMember(jwk['k']), 'base64url')) };
  const members = typeof kty === 'string' ? MEMBERS.get(kty) : undefined;
  if (members === undefined) {
    throw new InvalidKey(
      `The JWK cannot be read as a key: its \`kty\` is ${kty === undefined ? 'missing' : 'not one there is here'}.`,
      `The types are oct, ${[...MEMBERS.keys()].join(', ')} (RFC 7517 §4.1).`,
    );
  }
  const isPrivate = members.private.some((name) => jwk[name] !== undefined);
  checkMembers(jwk, members, isPrivate);
  const publicPart = pick(jwk, ['kty', ...members.names, ...members.public]);
  const publicKey = read(jwk, () => createPublicKey({ key: publicPart, format: 'jwk' }));
  if (!isPrivate) return { key: publicKey, publicKey };
  const whole = { ...publicPart, ...pick(jwk, members.private) };
  return { key: read(jwk, () => createPrivateKey({ key: whole, format: 'jwk' })), publicKey };
}

interface Members {
  /** Those that are names. */
  readonly names: readonly string[];
  /** Those that are numbers or bytes, in base64url. */
  readonly public: readonly string[];
  readonly private: readonly string[];
}

const MEMBERS: ReadonlyMap<string, Members> = new Map([
  // With d alone the rest could be computed (RFC 7518 §6.3.2), but Node.js does not, and every exporter writes them.
  ['RSA', { names: [], public: ['n', 'e'], private: ['d', 'p', 'q', 'dp', 'dq', 'qi'] }],
  ['EC', { names: ['crv'], public: ['x', 'y'], private: ['d'] }],
  ['OKP', { names: ['crv'], public: ['x'], private: ['d'] }],
  ['AKP', { names: ['alg'], public: ['pub'], private: ['priv'] }],
]);

/** RFC 7518 §6.2.1.2: coordinates have the length of the field, leading zeros included. */
const COORDINATE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['P-256', 32],
  ['secp256k1', 32],
  ['P-384', 48],
  ['P-521', 66],
]);

function checkMembers(jwk: Record<string, unknown>, members: Members, isPrivate: boolean): void {
  for (const name of members.names) {
    if (typeof jwk[name] === 'string') continue;
    throw unreadable(`it has no \`${name}\``);
  }
  for (const name of [...members.public, ...(isPrivate ? members.private : [])]) {
    const value = jwk[name];
    if (value === undefined) throw unreadable(`it has no \`${name}\``);
    if (typeof value !== 'string' || value === '' || !isBase64url(value)) {
      throw unreadable(`its \`${name}\` is not a non-empty base64url text`);
    }
    const length = jwk['kty'] === 'EC' ? COORDINATE_BYTES.get(jwk['crv']) : undefined;
    if (length !== undefined && Buffer.byteLength(value, 'base64url') !== length) {
      throw unreadable(`its \`${name}\` has not the ${length} bytes that a number of its curve has`);
    }
  }
  if (jwk['oth'] !== undefined) {
    throw new InvalidKey(
      'The JWK has more than two primes (`oth`).',
      'Use a key with two (RFC 7518 §6.3.2.7).',
    );
  }
}

function read(jwk: Record<string, unknown>, create: () => KeyObject): KeyObject {
  try {
    return create();
  } catch {
    // The runtime's own error is not chained: on some versions it quotes what it could not read.
    const row = jwk['kty'] === 'AKP' ? signatureAlgorithm(String(jwk['alg'])) : undefined;
    throw (row && missingInRuntime(row)) ?? unreadable('its values are no key of that type and curve');
  }
}

function unreadable(why: string): InvalidKey {
  return new InvalidKey(
    `The JWK cannot be read as a key: ${why}.`,
    'Check kty, crv and the members that its type needs (RFC 7518 §6).',
  );
}

function pick(jwk: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, jwk[name] as string]));
}

function checkedOperations(value: unknown): ReadonlySet<string> | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new InvalidKey('The JWK’s `key_ops` is no list of strings (RFC 7517 §4.3).', 'Mend the JWK.');
  }
  const operations = new Set<string>(value);
  if (operations.size !== value.length) {
    throw new InvalidKey('The JWK’s `key_ops` names an operation twice (RFC 7517 §4.3).', 'Mend the JWK.');
  }
  return operations;
}

function secretMember(k: unknown): string {
  if (typeof k === 'string' && k !== '' && isBase64url(k)) return k;
  throw new InvalidKey('The JWK’s `k` is not a non-empty base64url text.', 'Mend the JWK.');
}
