/** What exactly is validated: `describe()` of two validators, and the options that change each check. */
import { type CheckName, JwtValidator, type TokenOptions } from '@tokenwright/jwt';
import { z } from 'zod';
import { table } from './markdown.ts';

interface Words {
  /** The standard that asks for it. */
  readonly standard: string;
  /** The options of a validator that change it. */
  readonly options: string;
}

/** `explain` adds two that no validator has: whether a renewal is still possible, and claims that one expects. */
type ValidatorCheck = Exclude<CheckName, 'session' | 'expected claims'>;

/** A new check does not compile without its words. */
const WORDS: Readonly<Record<ValidatorCheck, Words>> = {
  structure: { standard: 'RFC 7515 §7.1, RFC 7516 §7.1', options: '`maxTokenLength`' },
  decryption: { standard: 'RFC 7516 §5.2', options: '`decryptWith`' },
  algorithm: { standard: 'RFC 8725 §3.1, §3.2', options: '`keys`: each key has one algorithm' },
  'critical headers': { standard: 'RFC 7515 §4.1.11', options: '' },
  'known issuer': { standard: 'RFC 8725 §3.8', options: '`issuers`' },
  key: { standard: 'RFC 7515 §6', options: '`keys`' },
  signature: { standard: 'RFC 7515 §5.2', options: '`keys`; cannot be turned off' },
  claims: { standard: 'RFC 7519 §7.2', options: '' },
  'replicated claims': { standard: 'RFC 7519 §5.3', options: '`decryptWith`' },
  type: { standard: 'RFC 8725 §3.11', options: '`typ`' },
  expiry: { standard: 'RFC 7519 §4.1.4', options: '`clockTolerance`, `acceptNeverExpiring`' },
  'not before': { standard: 'RFC 7519 §4.1.5', options: '`clockTolerance`' },
  'issued at': { standard: 'RFC 7519 §4.1.6', options: '`maxAge`, `clockTolerance`' },
  lifetime: { standard: '', options: '`maxLifetime`' },
  issuer: {
    standard: 'RFC 7519 §4.1.1, RFC 8725 §3.8',
    options: '`issuer`; `null` says aloud "not checked"',
  },
  audience: {
    standard: 'RFC 7519 §4.1.3, RFC 8725 §3.9',
    options: '`audience`; `null` says aloud "not checked"',
  },
  'required claims': { standard: 'RFC 7519 §4.1', options: '`requiredClaims`' },
  'own claims': { standard: '', options: '`claims`, a Standard Schema' },
  revocation: { standard: '', options: '`isRevoked`' },
};

const KEYS = { text: 'a key that only the words of this page need' };

/** A row for every check, in the order in which they decide. */
export function checks(): string {
  const plain = new JwtValidator({ keys: KEYS, issuer: 'KestrunApi', audience: 'KestrunClients' });
  const byDefault = new Map(plain.describe().map(({ check, asks }) => [check, asks]));
  const rows = orderOfAll().map((check, index) => [
    String(index + 1),
    check,
    byDefault.get(check) ?? 'only when asked for',
    WORDS[check].options,
    WORDS[check].standard,
  ]);
  return table(['', 'check', 'what it asks for, by default', 'options', 'standard'], rows);
}

/** No one validator has all checks: several issuers exclude `issuer`. Those that only some have are placed by their neighbours. */
function orderOfAll(): readonly ValidatorCheck[] {
  const shared: TokenOptions = {
    decryptWith: { hex: '00112233445566778899aabbccddeeff'.repeat(2) },
    typ: 'JWT',
    maxLifetime: '1h',
    claims: z.object({ tenant: z.string() }),
    isRevoked: () => false,
  };
  const one = new JwtValidator({ ...shared, keys: KEYS, issuer: 'a', audience: 'b' });
  const several = new JwtValidator({ ...shared, issuers: [{ issuer: 'a', keys: KEYS, audience: 'b' }] });
  const order = one.describe().map(({ check }) => check as ValidatorCheck);
  for (const [index, { check }] of several.describe().entries())
    if (!order.includes(check as ValidatorCheck)) order.splice(index, 0, check as ValidatorCheck);
  const missing = (Object.keys(WORDS) as ValidatorCheck[]).filter((check) => !order.includes(check));
  if (missing.length > 0) throw new Error(`no validator here asks for ${missing.join(', ')}`);
  return order;
}
