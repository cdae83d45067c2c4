/** The thumbprint of a key (RFC 7638) with SHA-256. */
import { createHash, type KeyObject } from 'node:crypto';
import { InvalidKey } from '../errors.js';
import { Key } from './key.js';
import { materialOf, publicSide } from './material.js';
import type { KeySource } from './sources.js';

/**
 * The thumbprint of a JWK, a certificate, or any other asymmetric key, private or public: base64url of the SHA-256 of
 * its required members (RFC 7638 §3, RFC 8037 §2, RFC 9964). It says which key it is, not that it is a good one, so
 * keys that {@link importKey} refuses have one too.
 *
 * @throws InvalidKey when the source is not what it says, or is a secret, whose hash would help to guess it (RFC 7638 §7).
 * @example
 * ```ts
 * thumbprint({ jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } });
 * // 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
 * ```
 */
export function thumbprint(source: KeySource): string {
  const known = source instanceof Key ? source.thumbprint : publicThumbprint(source);
  if (known !== undefined) return known;
  throw new InvalidKey(
    'A shared secret has no thumbprint: its hash would help to guess it (RFC 7638 §7).',
    'Give it a key ID of its own: { …, kid }.',
  );
}

function publicThumbprint(source: KeySource): string | undefined {
  const key = publicSide(materialOf(source));
  if (key.type === 'secret') return undefined;
  try {
    return thumbprintOf(key);
  } catch {
    throw new InvalidKey(
      'There is no JWK for that kind of key.',
      'Use RSA without PSS parameters, EC or Ed25519.',
    );
  }
}

/** The members that make the key what it is, in the order RFC 7638 §3.2, RFC 8037 §2 and RFC 9964 ask for. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  AKP: ['alg', 'kty', 'pub'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/** The thumbprint of a public key, as base64url. */
export function thumbprintOf(publicKey: KeyObject): string {
  const jwk: Record<string, unknown> = publicKey.export({ format: 'jwk' });
  const members = REQUIRED[String(jwk['kty'])] ?? [];
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(canonical).digest('base64url');
}
