/** Attacks on the signature: none, somebody else's, or one that does not fit (RFC 7515 §5.2, RFC 8725 §2.1, §3.1, §3.2). */
import { createHash } from 'node:crypto';
import { type Attack, withToken } from './attack.js';
import { type Forge, signed, unsigned } from './forge.js';
import { encoded } from './signature.js';

/** The attacks. */
export const ON_SIGNATURES: readonly Attack[] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((alg) =>
    signature(
      `alg-${alg}`,
      `A token that says "${alg}" needs no signature (RFC 8725 §2.1).`,
      ({ header, claims }) => unsigned({ ...header, alg }, raised(claims)),
    ),
  ),
  signature(
    'alg-none-signed',
    'With "none" the signature that is there is not looked at.',
    ({ header, claims, parts }) => unsigned({ ...header, alg: 'none' }, raised(claims), parts[2]),
  ),
  signature('alg-missing', 'Without an algorithm none is asked for.', ({ header, claims, parts }) =>
    unsigned({ ...header, alg: undefined }, raised(claims), parts[2]),
  ),
  signature(
    'alg-null',
    'An algorithm that is null crashes the service or passes.',
    ({ header, claims, parts }) => unsigned({ ...header, alg: null }, raised(claims), parts[2]),
  ),
  signature(
    'alg-list',
    'An algorithm that is a list is searched for a good one.',
    ({ header, claims, parts }) =>
      unsigned({ ...header, alg: [header['alg'], 'none'] }, raised(claims), parts[2]),
  ),
  signature('signature-missing', 'An empty signature passes.', ({ parts: [h, p] }) => `${h}.${p}.`),
  signature(
    'signature-cut',
    'A part of the signature is enough.',
    ({ parts: [h, p, s] }) => `${h}.${p}.${s.slice(0, 8)}`,
  ),
  signature(
    'signature-longer',
    'What follows the signature is ignored.',
    ({ good, parts: [, , s] }) => `${good}${'AAAA'.repeat(s.length % 4 === 0 ? 1 : 2)}`,
  ),
  signature(
    'signature-changed',
    'The signature is not checked.',
    ({ parts: [h, p, s] }) => `${h}.${p}.${flipped(s)}`,
  ),
  signature(
    'signature-zeros',
    'A signature of zeros passes (CVE-2022-21449).',
    ({ parts: [h, p, s] }) => `${h}.${p}.${'A'.repeat(s.length)}`,
  ),
  signature(
    'payload-changed',
    'The signature is not checked: anybody is administrator.',
    ({ claims, parts: [h, , s] }) => `${h}.${encoded(JSON.stringify(raised(claims)))}.${s}`,
  ),
  signature(
    'header-changed',
    'The header is not protected by the signature.',
    ({ header, parts: [, p, s] }) => `${encoded(JSON.stringify({ ...header, attack: true }))}.${p}.${s}`,
  ),
  signature(
    'digest-as-signature',
    'A plain hash passes for a signature.',
    ({ parts: [h, p] }) => `${h}.${p}.${createHash('sha256').update(`${h}.${p}`).digest('base64url')}`,
  ),
  {
    ...signature(
      'other-algorithm',
      'The token chooses its algorithm (RFC 8725 §3.1).',
      ({ header, claims, signing }) => {
        if (signing === undefined) return undefined;
        const algorithm = otherAlgorithm(signing.algorithm);
        return signed({ ...signing, algorithm }, { ...header, alg: algorithm }, claims);
      },
    ),
    needs: 'the key that signs: --key',
  },
];

function signature(name: string, why: string, token: (forge: Forge) => string | undefined): Attack {
  return {
    name,
    group: 'signature',
    why,
    expects: 'invalid token',
    request: (forge) => withToken(token(forge)),
  };
}

/** What the same key signs just as well; for a key that knows no other, another name for what it signs. */
function otherAlgorithm(algorithm: string): string {
  const [family, bits] = [algorithm.slice(0, 2), algorithm.slice(2)];
  switch (family) {
    case 'HS':
    case 'ES':
      return `${family}${bits === '512' ? '256' : '512'}`;
    case 'RS':
      return `PS${bits}`;
    case 'PS':
      return `RS${bits}`;
    default:
      return 'Ed448';
  }
}

/** The claims of somebody who may do more. */
function raised(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { ...claims, roles: ['admin', 'attacker'], admin: true };
}

/** The signature with its first bits changed: those that always count. */
function flipped(text: string): string {
  return `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;
}
