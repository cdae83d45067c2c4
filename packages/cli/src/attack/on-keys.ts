/** Attacks on the choice of the key: it comes from the attacker, or is mistaken for another (RFC 8725 §2.1, §3.10). */
import { type Attack, withToken } from './attack.js';
import { byAttacker, type Forge, hmacSigned } from './forge.js';
import type { LureName } from './lures.js';

/** The attacks. */
export const ON_KEYS: readonly Attack[] = [
  key('own-key', 'The key is not checked: any passes.', (forge) =>
    byAttacker(forge, forge.attacker.key, { kid: forge.header['kid'] }),
  ),
  key('embedded-jwk', 'The key in the token is believed (CVE-2018-0114).', (forge) =>
    byAttacker(forge, forge.attacker.key, { jwk: forge.attacker.key.jwk }),
  ),
  link('jku', 'The link in the token is followed to a key (RFC 8725 §3.10).', (jku) => ({ jku })),
  link('jku-https', 'The link in the token is followed to a key (RFC 8725 §3.10).', (jku) => ({ jku })),
  link('x5u', 'The link in the token is followed to a certificate (RFC 8725 §3.10).', (x5u) => ({ x5u })),
  link('x5u-https', 'The link in the token is followed to a certificate (RFC 8725 §3.10).', (x5u) => ({
    x5u,
  })),
  link('kid-url', 'The key ID is followed as a link to a key (RFC 8725 §3.10).', (kid) => ({ kid })),
  key('x5c', 'The certificate in the token is believed, whoever issued it.', (forge) =>
    byAttacker(forge, forge.attacker.pair, {
      x5c: forge.attacker.chain.certificates.map((der) => der.toString('base64')),
    }),
  ),
  confused('public-key-as-secret', (pem) => pem),
  confused('public-key-as-secret-trimmed', (pem) => pem.trim()),
  key('empty-secret', 'An empty secret verifies.', (forge) => hmacSigned('', forge)),
  ...[
    'secret',
    'changeme',
    'password',
    'your-256-bit-secret',
    'your-384-bit-secret',
    'your-512-bit-secret',
  ].map((secret) =>
    key(`weak-secret-${secret}`, `The secret is "${secret}", which stands in every list.`, (forge) =>
      hmacSigned(secret, forge),
    ),
  ),
  key('kid-path', 'The key ID is a path: /dev/null is an empty secret.', (forge) =>
    hmacSigned('', forge, { kid: '../../../../../../dev/null' }),
  ),
  key('kid-sql', 'The key ID goes into a query.', (forge) =>
    hmacSigned('x', forge, { kid: "' UNION SELECT 'x' -- " }),
  ),
  key('kid-prototype', 'The key ID finds what every object has.', (forge) =>
    hmacSigned('', forge, { kid: '__proto__' }),
  ),
  key('kid-list', 'A key ID that is no text crashes the service or passes.', (forge) =>
    byAttacker(forge, forge.attacker.key, { kid: ['a'] }),
  ),
];

function key(name: string, why: string, token: (forge: Forge) => string | undefined): Attack {
  return { name, group: 'key', why, expects: 'invalid token', request: (forge) => withToken(token(forge)) };
}

/** A token that points to the attacker's key: what is fetched there verifies it. */
function link(
  name: LureName,
  why: string,
  parameters: (address: string) => Readonly<Record<string, unknown>>,
): Attack {
  const token = (forge: Forge): string | undefined => {
    const { attacker, lures } = forge;
    const signer = name.startsWith('x5u') ? attacker.pair : attacker.key;
    return lures && byAttacker(forge, signer, parameters(lures.address(name)));
  };
  return { ...key(name, why, token), lure: name, needs: 'a service on this machine' };
}

/** A public key is known to everybody: taken for an HMAC secret, it lets everybody sign. */
function confused(name: string, secret: (pem: string) => string): Attack {
  const token = (forge: Forge): string | undefined =>
    forge.publicPem === undefined ? undefined : hmacSigned(secret(forge.publicPem), forge);
  return {
    ...key(name, 'The public key is taken for a secret (CVE-2015-9235).', token),
    needs: 'a public key: --key',
  };
}
