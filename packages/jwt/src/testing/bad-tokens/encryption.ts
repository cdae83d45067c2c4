/** Encrypted tokens where signed ones are expected: that somebody encrypted them says nothing about who issued them (RFC 8725 §2.3). */
import { randomBytes } from 'node:crypto';
import { encryptCompact } from '../../encryption/compact-jwe.js';
import { type Draft, encoded, type Forge } from '../forge.js';

const code = 'ERR_JWT_INVALID';

export async function encryptionDrafts({ good, header, claims }: Forge): Promise<Draft[]> {
  const encrypt = (plaintext: string): Promise<string> =>
    encryptCompact(
      plaintext,
      { base64url: randomBytes(32).toString('base64url') },
      { alg: 'dir', enc: 'A256GCM', header: { cty: 'JWT' } },
    );
  return [
    {
      name: 'encrypted',
      description: 'A good token, encrypted.',
      token: await encrypt(good),
      code,
      row: 'L51',
    },
    {
      name: 'encrypted-claims',
      description: 'Claims that are encrypted and not signed.',
      token: await encrypt(JSON.stringify(claims)),
      code,
      row: 'L51',
    },
    {
      name: 'encrypted-alg-none',
      description: 'A token with alg none, encrypted (CVE-2026-29000).',
      token: await encrypt(`${encoded({ ...header, alg: 'none' })}.${encoded(claims)}.`),
      code,
      row: 'L50',
    },
    {
      name: 'encrypted-shape',
      description: 'Five parts, of which only the first can be read.',
      token: `${encoded({ alg: 'dir', enc: 'A256GCM' })}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
      code,
      row: 'L51',
    },
  ];
}
