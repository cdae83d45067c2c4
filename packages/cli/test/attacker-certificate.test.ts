import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newAttacker } from '../src/attack/attacker.ts';

describe("the attacker's certificate", () => {
  it.each([
    ['ES256', 'ec'],
    ['ES512', 'ec'],
    ['RS256', 'rsa'],
    ['EdDSA', 'ed25519'],
    ['HS256', 'ec'],
    ['what nobody knows', 'ec'],
  ])('for a service of %s is one of an %s key, issued by a CA of its own', async (algorithm, type) => {
    const { pair, chain } = await newAttacker(algorithm);
    const [leaf, authority] = chain.certificates.map((der) => new X509Certificate(der)) as [
      X509Certificate,
      X509Certificate,
    ];
    expect(leaf.publicKey.asymmetricKeyType).toBe(type);
    expect(leaf.publicKey.equals(createPublicKey(pair.material))).toBe(true);
    expect(leaf.checkIssued(authority)).toBe(true);
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(new Date(leaf.validTo).getTime()).toBeGreaterThan(Date.now());
    expect(new X509Certificate(chain.pem).fingerprint256).toBe(leaf.fingerprint256);
  });

  it('is new for every run: nothing of it can be trusted once and for all', async () => {
    const [one, other] = await Promise.all([newAttacker('ES256'), newAttacker('ES256')]);
    expect(one.chain.certificates[1].equals(other.chain.certificates[1])).toBe(false);
    expect(one.key.material.equals(other.key.material)).toBe(false);
  });
});
