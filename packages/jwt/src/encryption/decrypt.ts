/** Decrypts a token with the one of several keys that it is for (RFC 7516 §5.2). */
import { type Finding, shown } from '../finding.js';
import { candidatesFor, MAX_CANDIDATES } from '../keys/candidates.js';
import type { EncryptedToken } from './encrypted-token.js';
import type { EncryptionKey } from './key.js';

/**
 * The plaintext, or why there is none. What follows from the header alone (algorithms, key ID) has its own reason;
 * whatever involves a key has one reason for all, so that answers tell nothing about keys or padding.
 */
export async function decryptToken(
  jwe: EncryptedToken,
  keys: readonly EncryptionKey[],
): Promise<Uint8Array | Finding> {
  const { alg, enc, kid } = jwe.header;
  const ofAlgorithm = keys.filter((key) => key.algorithm === alg);
  if (ofAlgorithm.length === 0)
    return notAllowed(
      'alg',
      keys.map((key) => key.algorithm),
      alg,
    );
  const ofEncryption = ofAlgorithm.filter((key) => key.decryptsContent(enc));
  if (ofEncryption.length === 0) return notAllowed('enc', [], enc);
  const candidates = candidatesFor(ofEncryption, kid);
  if (candidates.length === 0) return { reason: 'key_not_found', claim: 'kid', actual: `kid ${shown(kid)}` };
  for (const key of candidates.slice(0, MAX_CANDIDATES)) {
    const plaintext = await key.decrypt(jwe);
    if (plaintext !== undefined) return plaintext;
  }
  return { reason: 'decryption_failed' };
}

function notAllowed(claim: 'alg' | 'enc', expected: readonly string[], actual: string): Finding {
  return {
    reason: 'encryption_not_allowed',
    claim,
    ...(expected.length === 0 ? {} : { expected: [...new Set(expected)].join(' or ') }),
    actual: shown(actual),
  };
}
