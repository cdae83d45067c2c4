/** Attacks on the choice of the key: it comes from the attacker, or is mistaken for another (RFC 8725 §2.1, §3.10). */
import { generateKeyPairSync } from 'node:crypto';
import { type Attack, withToken } from './attack.js';
import { type Forge, hmacSigned } from './forge.js';
import { signedWith } from './signature.js';

/** The attacks. */
export const ON_KEYS: readonly Attack[] = [
  key('own-key', 'The key is not checked: any passes.', (forge) => byAttacker(forge, {})),
  key('embedded-jwk', 'The key in the token is believed (CVE-2018-0114).', (forge) =>
    byAttacker(forge, { jwk: OWN.jwk }),
  ),
  key('jku', 'The link in the token is followed to a key (RFC 8725 §3.10).', (forge) =>
    byAttacker(forge, { jku: 'https://attacker.invalid/jwks.json' }),
  ),
  key('x5u', 'The link in the token is followed to a certificate (RFC 8725 §3.10).', (forge) =>
    byAttacker(forge, { x5u: 'https://attacker.invalid/cert.pem' }),
  ),
  key('x5c', 'The certificate in the token is believed.', (forge) => byAttacker(forge, { x5c: ['MIIB'] })),
  key('public-key-as-secret', 'The public key is taken for a secret (CVE-2015-9235).', (forge) =>
    confused(forge, (pem) => pem),
  ),
  key('public-key-as-secret-trimmed', 'The public key is taken for a secret (CVE-2015-9235).', (forge) =>
    confused(forge, (pem) => pem.trim()),
  ),
  key('empty-secret', 'An empty secret verifies.', ({ header, claims }) =>
    hmacSigned('', { ...header, alg: 'HS256' }, claims),
  ),
  ...['secret', 'changeme', 'your-256-bit-secret', 'password'].map((secret) =>
    key(
      `weak-secret-${secret}`,
      `The secret is "${secret}", which stands in every list.`,
      ({ header, claims }) => hmacSigned(secret, { ...header, alg: 'HS256' }, claims),
    ),
  ),
  key('kid-path', 'The key ID is a path: /dev/null is an empty secret.', ({ header, claims }) =>
    hmacSigned('', { ...header, alg: 'HS256', kid: '../../../../../../dev/null' }, claims),
  ),
  key('kid-sql', 'The key ID goes into a query.', ({ header, claims }) =>
    hmacSigned('x', { ...header, alg: 'HS256', kid: "' UNION SELECT 'x' -- " }, claims),
  ),
  key('kid-prototype', 'The key ID finds what every object has.', ({ header, claims }) =>
    hmacSigned('', { ...header, alg: 'HS256', kid: '__proto__' }, claims),
  ),
  key('kid-list', 'A key ID that is no text crashes the service or passes.', (forge) =>
    byAttacker(forge, { kid: ['a'] }),
  ),
];

function key(name: string, why: string, token: (forge: Forge) => string | undefined): Attack {
  return { name, group: 'key', why, expects: 'invalid token', request: (forge) => withToken(token(forge)) };
}

const OWN = ownKey();

function ownKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** A token that the attacker has signed with a key of their own. */
function byAttacker({ header, claims }: Forge, parameters: Readonly<Record<string, unknown>>): string {
  const { kid: _kid, ...rest } = header;
  return signedWith(
    'ES256',
    OWN.privateKey,
    JSON.stringify({ ...rest, alg: 'ES256', ...parameters }),
    JSON.stringify(claims),
  );
}

function confused({ publicPem, header, claims }: Forge, secret: (pem: string) => string): string | undefined {
  return publicPem === undefined
    ? undefined
    : hmacSigned(secret(publicPem), { ...header, alg: 'HS256' }, claims);
}
