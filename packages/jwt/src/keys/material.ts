/** The door's first half: whatever form a key comes in, here it becomes a KeyObject with what its source says of it. */

import { createPublicKey, KeyObject, type webcrypto, X509Certificate } from 'node:crypto';
import { types } from 'node:util';
import { signatureAlgorithm } from '../algorithms.js';
import { InvalidKey } from '../errors.js';
import { isThenable } from '../thenable.js';
import { keyFromCertificate } from './certificate.js';
import { formatOf } from './formats.js';
import { checkUse, type JwkFacts, jwkFacts, jwkObject, type KeyUse, keyFromJwk } from './jwk.js';
import { bytesFromPassphrase } from './passphrase.js';
import { keyFromPem } from './pem.js';
import { bytesFromBase64url, bytesFromHex, bytesFromText, secretFromBytes } from './secret.js';
import { checkNotHuge } from './strength.js';

/** A key that was read, and what its source says of it. It is not bound to an algorithm yet. */
export interface Material {
  readonly key: KeyObject;
  /** The public half as the source states it; the private one must turn out to belong to it. */
  readonly publicKey?: KeyObject;
  /** The algorithm named beside the form. */
  readonly alg?: string | undefined;
  readonly kid?: string | undefined;
  /** What a JWK says of itself, or a CryptoKey in the same terms. */
  readonly jwk?: JwkFacts;
}

const FORMS =
  '{ hex }, { base64url }, { text }, { passphrase, salt, … }, { pem }, { x509 }, { jwk }, a KeyObject or a CryptoKey';
/** What says the form; the others only accompany one. In this order, for `pem` may accompany `x509`. */
const LEADING = ['hex', 'base64url', 'text', 'x509', 'pem', 'jwk', 'passphrase'] as const;
const ACCOMPANYING: Readonly<Partial<Record<string, readonly string[]>>> = {
  x509: ['pem', 'passphrase'],
  pem: ['passphrase'],
  passphrase: ['salt', 'iterations', 'scrypt'],
};

/** How many bytes a key made from a passphrase has, for the algorithm beside the source. @throws InvalidKey for one without such keys. */
export type PassphraseBytes = (algorithm: string | undefined) => number;

/**
 * Reads a key.
 *
 * @param use what it is wanted for; undefined for either.
 * @throws InvalidKey for a source that is not what it says, or says that it is for another use.
 */
export function materialOf(
  source: unknown,
  use?: KeyUse,
  passphraseBytes: PassphraseBytes = () => 32,
): Material {
  const material = read(source, use, passphraseBytes);
  checkNotHuge(publicSide(material));
  return material;
}

/** The public half of a key, or a secret as it is. */
export function publicSide({ key, publicKey }: Material): KeyObject {
  return publicKey ?? (key.type === 'private' ? createPublicKey(key) : key);
}

function read(source: unknown, use: KeyUse | undefined, passphraseBytes: PassphraseBytes): Material {
  if (source instanceof KeyObject) return { key: checkedKeyObject(source) };
  if (types.isCryptoKey(source)) return fromCryptoKey(source as webcrypto.CryptoKey, use);
  const members = membersOf(source);
  const form = formOf(members);
  const facts = factsOf(members);
  switch (form) {
    case 'hex':
      return { ...facts, key: secretFromBytes(bytesFromHex(members['hex'])) };
    case 'base64url':
      return { ...facts, key: secretFromBytes(bytesFromBase64url(members['base64url'])) };
    case 'text':
      return { ...facts, key: secretFromBytes(bytesFromText(members['text'])) };
    case 'passphrase':
      return { ...facts, key: fromPassphrase(members, passphraseBytes(facts.alg)) };
    case 'pem':
      return { ...facts, key: keyFromPem(members['pem'], members['passphrase']) };
    case 'x509':
      return { ...facts, ...keyFromCertificate(members['x509'], members['pem'], members['passphrase']) };
    case 'jwk': {
      const jwk = jwkObject(members['jwk']);
      const own = jwkFacts(jwk);
      if (use !== undefined) checkUse(own, use);
      return { ...keyFromJwk(jwk), ...facts, kid: facts.kid ?? own.kid, jwk: own };
    }
  }
}

/** What a key is, in words. */
export function kindOf(key: KeyObject): string {
  if (key.type === 'secret') return 'a shared secret';
  const curve = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  return `${key.type === 'private' ? 'a private' : 'a public'} ${key.asymmetricKeyType ?? 'unknown'} key${curve === undefined ? '' : ` on ${curve}`}`;
}

function factsOf({ alg, kid }: Record<string, unknown>): Pick<Material, 'alg' | 'kid'> {
  if (alg !== undefined && typeof alg !== 'string') {
    throw new InvalidKey('The algorithm beside the key (alg) is no string.', 'Name it, or leave it out.');
  }
  if (kid !== undefined && (typeof kid !== 'string' || kid === '')) {
    throw new InvalidKey('The key ID (kid) is not a non-empty string.', 'Give a kid, or leave it out.');
  }
  return { alg, kid };
}

function checkedKeyObject(key: KeyObject): KeyObject {
  return key.type === 'secret' ? secretFromBytes(key.export()) : key;
}

function fromCryptoKey(cryptoKey: webcrypto.CryptoKey, use: KeyUse | undefined): Material {
  const jwk: JwkFacts = {
    alg: algorithmOfCryptoKey(cryptoKey.algorithm),
    kid: undefined,
    use: undefined,
    operations: new Set<string>(cryptoKey.usages),
    exportable: cryptoKey.extractable,
  };
  if (use !== undefined) checkUse(jwk, use);
  return { key: checkedKeyObject(keyObjectOf(cryptoKey)), jwk };
}

/** Node.js deprecates this for keys that are not extractable (DEP0204), so a later one may refuse it. */
function keyObjectOf(cryptoKey: webcrypto.CryptoKey): KeyObject {
  try {
    return KeyObject.from(cryptoKey);
  } catch {
    throw new InvalidKey(
      'This Node.js does not sign with a CryptoKey that is not extractable.',
      'Make it extractable, or give the key in another form.',
    );
  }
}

/** A CryptoKey for HMAC or RSA is bound to a hash (Web Cryptography §20, §23, §31), and so to one algorithm. */
function algorithmOfCryptoKey(
  algorithm: webcrypto.KeyAlgorithm & { hash?: { name: string } },
): string | undefined {
  const bits = algorithm.hash?.name.replace('SHA-', '') ?? '';
  const families: Readonly<Partial<Record<string, string>>> = {
    HMAC: 'HS',
    'RSASSA-PKCS1-v1_5': 'RS',
    'RSA-PSS': 'PS',
  };
  const family = families[algorithm.name];
  if (family !== undefined) return `${family}${bits}`;
  return signatureAlgorithm(algorithm.name)?.name;
}

function fromPassphrase(members: Record<string, unknown>, bytes: number): KeyObject {
  const { passphrase, salt, iterations, scrypt } = members;
  return secretFromBytes(bytesFromPassphrase({ passphrase, salt, iterations, scrypt }, bytes));
}

/** What a source is made of. @throws InvalidKey for what is no source, saying what it is. */
function membersOf(source: unknown): Record<string, unknown> {
  if (typeof source === 'string' || source instanceof Uint8Array) {
    const format =
      source.length === 0 ? undefined : formatOf(typeof source === 'string' ? source : Buffer.from(source));
    throw new InvalidKey(
      `The key does not say in which form it is${format === undefined ? '' : `; it is ${format.what}`}.`,
      format?.fix ?? (typeof source === 'string' ? fixForText(source) : FIX_FOR_BYTES),
    );
  }
  if (source instanceof URL) throw new InvalidKey('That is a URL, and no key.', fixForText(source.href));
  if (isThenable(source)) throw new InvalidKey('That is a promise, and no key yet.', 'Await it.');
  if (typeof source !== 'object' || source === null) {
    throw new InvalidKey(
      `There is no key: it is ${source === null ? 'null' : typeof source}.`,
      `Give it as ${FORMS}.`,
    );
  }
  const known = [
    ['kty', 'That is a JWK.', 'Give it as { jwk }.'],
    ['keys', 'That is a JWK Set.', 'Import it with importJwks(set), or take the one key out of its `keys`.'],
    ['privateKey', 'That is a key pair.', 'Give its privateKey to sign, or its publicKey to verify.'],
  ] as const;
  for (const [name, hint, fix] of known) if (name in source) throw new InvalidKey(hint, fix);
  if (source instanceof X509Certificate) {
    throw new InvalidKey('That is a certificate.', 'Give it as { x509: certificate.toString() }.');
  }
  return source as Record<string, unknown>;
}

const FIX_FOR_BYTES =
  "Give the bytes of a secret as { hex: Buffer.from(bytes).toString('hex') }, or as createSecretKey(bytes).";

function fixForText(text: string): string {
  if (/^https?:/i.test(text))
    return 'Keys behind a URL are remoteJwks(url), and those of an issuer await discover(issuer), of @tokenwright/jwt/remote.';
  return text.startsWith('file:')
    ? 'Say what the file holds: { pem: url } or { jwk: url }.'
    : `Give it as ${FORMS}.`;
}

/** The one form that the members give. @throws InvalidKey for none, several, or members that there are not. */
function formOf(members: Record<string, unknown>): (typeof LEADING)[number] {
  const names = Object.keys(members).filter((name) => name !== 'alg' && name !== 'kid');
  // A member that is there and undefined comes from a variable that is not set: it counts only when it is alone.
  const set = names.filter((name) => members[name] !== undefined);
  const given = set.length === 0 ? names : set;
  const form = LEADING.find((name) => given.includes(name));
  if (form === undefined && given.length > 0) {
    throw new InvalidKey('The key is in a form that is not known here.', `Give it as ${FORMS}.`);
  }
  const strange = given.filter((name) => name !== form && !ACCOMPANYING[form ?? '']?.includes(name));
  const forms =
    strange.filter((name) => (LEADING as readonly string[]).includes(name)).length +
    (form === undefined ? 0 : 1);
  if (form === undefined || forms > 1) {
    throw new InvalidKey(`The key has ${forms} forms where it needs one.`, `Give it as ${FORMS}.`);
  }
  if (strange.length > 0) {
    throw new InvalidKey(
      `A key given as { ${form} } has members that do not belong to it.`,
      `Beside ${form} there may be ${[...(ACCOMPANYING[form] ?? []), 'alg', 'kid'].join(', ')}.`,
    );
  }
  return form;
}
