/** Tokens that choose their algorithm themselves: none, another one, or none at all (RFC 8725 §2.1, §3.1). */
import { createPublicKey } from 'node:crypto';
import { signatureAlgorithm } from '../../algorithms.js';
import { type Draft, encoded, type Forge, hmacSigned, partsOf, signed } from '../forge.js';

const NOT_ALLOWED = 'ERR_JOSE_ALG_NOT_ALLOWED';
const MALFORMED = 'ERR_JWS_INVALID';

export function algorithmDrafts(forge: Forge): Draft[] {
  return [...none(forge), ...otherNames(forge), ...sameKey(forge), ...confusion(forge)];
}

function none({ good, header, claims }: Forge): Draft[] {
  const [, payload, signature] = partsOf(good);
  return [
    ...['none', 'None', 'NONE', 'nOnE'].map(
      (alg): Draft => ({
        name: `alg-${alg === 'none' ? 'none' : `none-as-${alg}`}`,
        description: `Not signed, with ${alg} as its algorithm.`,
        token: `${encoded({ ...header, alg })}.${encoded(claims)}.`,
        code: MALFORMED,
        row: 'L10',
      }),
    ),
    ...['none', 'nOnE', 'none '].map(
      (alg): Draft => ({
        name: `alg-none-signed${alg === 'none' ? '' : alg === 'nOnE' ? '-as-nOnE' : '-with-blank'}`,
        description: `The signature of a good token, with ${JSON.stringify(alg)} as the algorithm.`,
        token: `${encoded({ ...header, alg })}.${payload}.${signature}`,
        code: NOT_ALLOWED,
        row: 'L10',
      }),
    ),
    {
      name: 'unsigned',
      description: 'A good token without its signature.',
      token: good.slice(0, good.lastIndexOf('.') + 1),
      code: MALFORMED,
      row: 'L1',
    },
  ];
}

function otherNames({ header, claims, key }: Forge): Draft[] {
  const named = (name: string, description: string, alg: unknown, code: Draft['code']): Draft => ({
    name: `alg-${name}`,
    description,
    token: signed({ ...header, alg }, claims, key),
    code,
    row: 'L11',
  });
  return [
    named('missing', 'No algorithm.', undefined, MALFORMED),
    named('null', 'Null as the algorithm.', null, MALFORMED),
    named('list', 'A list with the good algorithm.', [header.alg], MALFORMED),
    named('empty', 'Nothing as the name of the algorithm.', '', NOT_ALLOWED),
    named(
      'other-case',
      'The good algorithm in other letters: names are case-sensitive.',
      swapped(header.alg),
      NOT_ALLOWED,
    ),
    named('blank', 'The good algorithm with a blank.', `${header.alg} `, NOT_ALLOWED),
    named('prototype', 'A name that every JavaScript object has.', 'constructor', NOT_ALLOWED),
    named('encryption', 'An algorithm for encryption.', 'dir', NOT_ALLOWED),
  ];
}

function swapped(name: string): string {
  return name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
}

/** What the same key would verify, if the token chose: a key has one algorithm. */
function sameKey({ header, claims, key }: Forge): Draft[] {
  const others = /^HS/.test(key.algorithm)
    ? ['HS256', 'HS384', 'HS512']
    : ['RS256', 'RS512', 'PS256', 'PS512'];
  if (!/^(HS|RS|PS)/.test(key.algorithm)) return [];
  return others
    .filter((alg) => alg !== key.algorithm)
    .map((alg): Draft => {
      const input = `${encoded({ ...header, alg })}.${encoded(claims)}`;
      return {
        name: `alg-${alg.toLowerCase()}-same-key`,
        description: `A good signature of the issuer's key, by ${alg} in place of ${key.algorithm}.`,
        token: `${input}.${signatureAlgorithm(alg)?.sign(key.material(), input)}`,
        code: NOT_ALLOWED,
        row: 'L15',
      };
    });
}

/** A public key is known to everybody: taken for an HMAC secret, it lets everybody sign. */
function confusion({ header, claims, key }: Forge): Draft[] {
  const pem = key.publicPem();
  if (pem === undefined) return [];
  const jwk = key.publicJwk();
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const forms: [name: string, description: string, secret: string | Uint8Array, bits?: number][] = [
    ['pem', 'The public key as PEM', pem],
    ['pem-hs384', 'The public key as PEM', pem, 384],
    ['pem-hs512', 'The public key as PEM', pem, 512],
    ['pem-trimmed', 'The public key as PEM without its last line end', pem.trimEnd()],
    ['pem-crlf', 'The public key as PEM with the line ends of Windows', pem.replaceAll('\n', '\r\n')],
    ['der', 'The public key as DER', der],
    ['jwk', 'The public key as JWK', JSON.stringify(jwk)],
    ['jwks', 'The published JWK Set', JSON.stringify({ keys: [jwk] })],
  ];
  return forms.map(
    ([name, description, secret, bits = 256]): Draft => ({
      name: `confusion-${name}`,
      description: `${description}, taken as the secret of HS${bits}.`,
      token: hmacSigned({ ...header, alg: `HS${bits}` }, claims, secret, bits),
      code: NOT_ALLOWED,
      row: 'L12',
    }),
  );
}
