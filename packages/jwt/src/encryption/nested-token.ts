/** Nested tokens (RFC 7519 §5.2, Appendix A.2): a signed token inside an encrypted one, exactly once. */
import type { Claims } from '../claims.js';
import { type Finding, shown } from '../finding.js';
import { isFinding, type ParsedToken, parseToken } from '../token.js';
import { decryptToken } from './decrypt.js';
import type { EncryptedToken } from './encrypted-token.js';
import type { EncryptionKey } from './key.js';

/** The mark of a nested token. RFC 7519 §5.2 has it spelled so. */
const NESTED = 'JWT';

/** Encrypts a signed token. */
export function nestToken(signed: string, key: EncryptionKey): Promise<string> {
  return key.encrypt(Buffer.from(signed, 'latin1'), { cty: NESTED });
}

/**
 * The signed token inside an encrypted one, not verified yet, or why there is none. What is not signed is never looked
 * at: with a public key anybody can encrypt (CVE-2026-29000).
 */
export async function openNestedToken(
  jwe: EncryptedToken,
  keys: readonly EncryptionKey[],
  maxLength: number,
): Promise<ParsedToken | Finding> {
  if (jwe.header.cty !== NESTED) {
    return {
      reason: 'nested_token_invalid',
      claim: 'cty',
      expected: shown(NESTED),
      actual: jwe.header.cty === undefined ? 'none' : shown(jwe.header.cty),
    };
  }
  const plaintext = await decryptToken(jwe, keys);
  if (!(plaintext instanceof Uint8Array)) return plaintext;
  const inner = parseToken(Buffer.from(plaintext).toString('latin1'), maxLength);
  if (isFinding(inner)) return { reason: 'nested_token_invalid', hint: INSIDE[inner.reason] ?? NOT_SIGNED };
  if (inner.header.cty === undefined) return inner;
  return { reason: 'nested_token_invalid', hint: 'The signed token says that it holds another one (cty).' };
}

const NOT_SIGNED = 'What is encrypted is not a signed token.';
const INSIDE: Readonly<Record<string, string>> = {
  token_encrypted: 'What is encrypted is encrypted once more, and one layer is accepted.',
};

/** The claims that may be repeated, unencrypted, in the header (RFC 7519 §10.4.1). */
const REPLICATED = ['iss', 'sub', 'aud'] as const;

/** A claim in the header of the encrypted token that is not the signed one (RFC 7519 §5.3). */
export function replicaFault(header: EncryptedToken['header'], claims: Claims): Finding | undefined {
  for (const name of REPLICATED) {
    if (!Object.hasOwn(header, name)) continue;
    const signed = Object.hasOwn(claims, name) ? JSON.stringify(claims[name]) : undefined;
    if (JSON.stringify(header[name]) === signed) continue;
    return {
      reason: 'replicated_claim_mismatch',
      claim: name,
      expected: signed === undefined ? 'none' : shown(claims[name]),
      actual: shown(header[name]),
    };
  }
  return undefined;
}
