/** Reads a token without verifying anything. Needs nothing but JavaScript, so it runs in browsers too. */
import { base64urlFault, decodeText } from './base64url.js';
import type { Claims, Unverified } from './claims.js';
import { freezeDeep, parseObject } from './json.js';
import { type RepeatedMember, repeatedMembers } from './repeated-members.js';

/** Something wrong with a token as text, and where. */
export interface InspectionFault {
  readonly part: 'token' | TokenPart;
  readonly fault: string;
}

/** The parts of a signed token (RFC 7515 §7.1) and of an encrypted one (RFC 7516 §7.1). */
type TokenPart = (typeof SIGNED_PARTS)[number] | (typeof ENCRYPTED_PARTS)[number];

/** What a token says about itself. Nothing of it was verified: anybody can have written it. */
export interface Inspection<C extends object = Claims> {
  readonly verified: false;
  /** `unsigned` when its algorithm is none or its signature empty, and nothing else is wrong with it. */
  readonly kind: 'signed' | 'encrypted' | 'unsigned' | 'malformed';
  /** Undefined where it cannot be read. */
  readonly header: Readonly<Record<string, unknown>> | undefined;
  /** Undefined where they cannot be read: an encrypted token hides them. */
  readonly claims: Unverified<C> | undefined;
  readonly algorithm: string | undefined;
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly audience: readonly string[];
  readonly issuedAt: Date | undefined;
  readonly notBefore: Date | undefined;
  readonly expiresAt: Date | undefined;
  /** Claims that stand more than once; `claims` has the last of each (RFC 7519 §4). */
  readonly repeated: readonly RepeatedMember[];
  /** Header parameters that stand more than once, which is a fault (RFC 7515 §4); `header` has the last of each. */
  readonly repeatedParameters: readonly RepeatedMember[];
  /** Empty for a well-formed token. */
  readonly faults: readonly InspectionFault[];
}

const MAX_LENGTH = 1_000_000;
const SIGNED_PARTS = ['protected header', 'payload', 'signature'] as const;
const ENCRYPTED_PARTS = [
  'protected header',
  'encrypted key',
  'initialization vector',
  'ciphertext',
  'tag',
] as const;

/**
 * Reads issuer, audience, expiry, algorithm and claims of a token. It verifies nothing and never throws: what is wrong
 * with a malformed token stands in `faults`.
 *
 * @example
 * ```ts
 * const { issuer, expiresAt, claims } = inspect(token); // claims: Unverified<Claims> | undefined
 * ```
 */
export function inspect<C extends object = Claims>(token: string): Inspection<C> {
  const faults: InspectionFault[] = [];
  const parts = splitToken(token, faults);
  const encrypted = parts.length === 5;
  const header = readObject(parts[0], 'protected header', faults);
  if (header !== undefined) checkHeader(header, encrypted, faults);
  const payload = encrypted ? undefined : readObject(parts[1], 'payload', faults);
  if (encrypted) checkEncryptedParts(parts, faults);
  else checkSpelling(parts[2], 'signature', faults);
  const isMalformed = faults.length > 0;
  if (!encrypted) checkSigned(parts[2], header?.object['alg'], faults);
  const claims = payload?.object;
  return {
    verified: false,
    kind: isMalformed ? 'malformed' : encrypted ? 'encrypted' : faults.length === 0 ? 'signed' : 'unsigned',
    header: header?.object,
    claims: claims as Unverified<C> | undefined,
    algorithm: stringOf(header?.object['alg']),
    issuer: stringOf(claims?.['iss']),
    subject: stringOf(claims?.['sub']),
    audience: listOf(claims?.['aud']),
    issuedAt: dateOf(claims?.['iat']),
    notBefore: dateOf(claims?.['nbf']),
    expiresAt: dateOf(claims?.['exp']),
    repeated: payload?.repeated ?? [],
    repeatedParameters: header?.repeated ?? [],
    faults,
  };
}

function splitToken(token: unknown, faults: InspectionFault[]): string[] {
  if (typeof token !== 'string' || token === '') {
    faults.push({ part: 'token', fault: typeof token === 'string' ? 'is empty' : 'is no string' });
    return [];
  }
  if (token.length > MAX_LENGTH) {
    faults.push({ part: 'token', fault: `is longer than ${MAX_LENGTH} characters` });
    return [];
  }
  const parts = token.split('.', 7);
  if (parts.length !== 3 && parts.length !== 5) {
    const count =
      parts.length > 6 ? 'more than 6 parts' : parts.length === 1 ? '1 part' : `${parts.length} parts`;
    faults.push({
      part: 'token',
      fault: `has ${count} where a signed one has 3 and an encrypted one 5`,
    });
  }
  return parts;
}

interface ReadObject {
  readonly object: Record<string, unknown>;
  readonly repeated: readonly RepeatedMember[];
}

function readObject(
  part: string | undefined,
  name: 'protected header' | 'payload',
  faults: InspectionFault[],
): ReadObject | undefined {
  if (part === undefined) return undefined;
  const spelling = base64urlFault(part);
  const text = spelling === undefined ? decodeText(part) : undefined;
  const object = text === undefined ? undefined : parseObject(text);
  if (text === undefined || object === undefined) {
    const fault = spelling ?? (text === undefined ? 'is not UTF-8' : 'is not a JSON object');
    faults.push({ part: name, fault });
    return undefined;
  }
  // A value that another of its name replaced is bounded as what replaced it.
  const repeated = freezeDeep(object) ? repeatedMembers(text) : undefined;
  if (repeated === undefined || !repeated.every(({ values }) => freezeDeep(values))) {
    faults.push({ part: name, fault: 'is nested deeper than is accepted' });
    return undefined;
  }
  return { object, repeated };
}

/** What every validator refuses a header for, whatever its keys are (RFC 7515 §4, RFC 7516 §4). */
function checkHeader({ object, repeated }: ReadObject, encrypted: boolean, faults: InspectionFault[]): void {
  const found = (fault: string) => faults.push({ part: 'protected header', fault });
  if (repeated.length > 0) found('has a parameter twice');
  for (const name of encrypted ? ['alg', 'enc'] : ['alg'])
    if (object[name] === undefined) found(`has no ${name}`);
  for (const name of ['alg', 'enc', 'typ', 'kid', 'cty']) {
    if (object[name] !== undefined && typeof object[name] !== 'string')
      found(`has something as ${name} that is no string`);
  }
}

function checkSpelling(part: string | undefined, name: TokenPart, faults: InspectionFault[]): void {
  const fault = part === undefined ? undefined : base64urlFault(part);
  if (fault !== undefined) faults.push({ part: name, fault });
}

/** The encrypted key may be empty, and so may be what is encrypted; no content encryption does without the others. */
function checkEncryptedParts(parts: readonly string[], faults: InspectionFault[]): void {
  for (const [index, name] of ENCRYPTED_PARTS.entries()) {
    if (index > 0) checkSpelling(parts[index], name, faults);
    if (parts[index] === '' && (name === 'initialization vector' || name === 'tag'))
      faults.push({ part: name, fault: 'is empty' });
  }
}

function checkSigned(signature: string | undefined, alg: unknown, faults: InspectionFault[]): void {
  if (signature === '') faults.push({ part: 'signature', fault: 'is empty: the token is not signed' });
  else if (typeof alg === 'string' && alg.toLowerCase() === 'none')
    faults.push({ part: 'protected header', fault: 'has none as its algorithm: the token is not signed' });
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

function dateOf(value: unknown): Date | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > 8.64e12) return undefined;
  return new Date(value * 1000);
}
