import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decryptCompact,
  type EncryptionKeySource,
  InvalidKey,
  JOSEError,
  type KeySource,
  REASONS,
  type ReasonName,
  verifyCompact,
} from '../src/index.ts';
import type { VectorCase, VectorFile } from './vectors/condense.ts';

/** A file of vectors; see vectors/condense.ts. */
function vectorsOf(name: string): VectorFile {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as VectorFile;
}

const FILES = ['wycheproof-jws', 'wycheproof-jwe', 'cookbook'].map(vectorsOf);

/** Cases whose label is not what must come of them, each with its reason. At most twelve. */
const OVERRIDES: Readonly<Record<string, { result: 'valid' | 'invalid'; reason: string }>> = {
  'signature 346': {
    result: 'invalid',
    reason: 'The JWK says PS256 and the token PS384: a key has one algorithm (RFC 8725 §3.1).',
  },
  'signature 350': {
    result: 'invalid',
    reason: 'The JWK says PS256 and the token PS384: a key has one algorithm (RFC 8725 §3.1).',
  },
  'signature 370': {
    result: 'valid',
    reason: 'Byte for byte the valid case 357 of the same file, which no verifier can tell from this one.',
  },
  'signature 372': {
    result: 'invalid',
    reason:
      'Has a ? in its header, which base64url does not have; only a decoder that skips garbage takes it.',
  },
};

/** What a policy refuses although it is well made, by the name of the policy. */
const POLICIES: Readonly<
  Record<string, { code: string; applies(header: Record<string, unknown>): boolean }>
> = {
  RSA1_5: { code: 'ERR_JOSE_ALG_NOT_ALLOWED', applies: ({ alg }) => alg === 'RSA1_5' },
  zip: { code: 'ERR_JOSE_ALG_NOT_ALLOWED', applies: ({ zip }) => zip !== undefined },
  b64: { code: 'ERR_JWS_INVALID', applies: ({ b64 }) => b64 === false },
};

/** Cases that fail by their key, before the token is looked at; all others must be refused for the token. */
const REFUSED_BY_THE_KEY: ReadonlySet<string> = new Set(['signature 354', 'signature 356']);

/** Checks of keys that are built elsewhere and not there yet: nothing may be added without such a reason. */
const PENDING_KEYS_BRANCH: readonly string[] = [];

/** Why a case must be refused, by what its source says of it; the first that fits. What fits none fails by its cryptography. */
const WHY: Readonly<Record<VectorCase['kind'], readonly (readonly [RegExp, ReasonName])[]>> = {
  jws: [
    [/ json(_flat)? /, 'token_malformed'],
    [/ Using[RP]S\d+$| Figure20$/, 'algorithm_not_allowed'],
    [/EmptyString$/, 'token_missing'],
    [/Separators?$|ExtraEmptyComponent$/, 'token_malformed'],
    [/MissingHeader|CharactersInHeader$|InsertedInHeader$/, 'header_malformed'],
    [/MissingSignature$|algIsNone$/, 'token_unsigned'],
    [/[sS]pacesIn|CharacterInsertedInMac$|InvalidCharacters$|UnusedBits/, 'token_malformed'],
    // The change is in its kid, or makes one of it.
    [/ModifiedHeader$/, 'key_not_found'],
  ],
  jwe: [
    [/ json(_flat)? /, 'jwe_malformed'],
    [/Separator$|MissingHeader$|JsonSerialization$|GhashTooLong$|ModifiedHeader$/, 'jwe_malformed'],
    [/invalidAlgorithm$|UsedWith/, 'encryption_not_allowed'],
    // Forgeries of RSA1_5, which no key is for.
    [/ 1(14|16|18|20|22|24|26) /, 'encryption_not_allowed'],
  ],
};

function reasonFor({ kind, id, comment }: VectorCase): ReasonName {
  const [, reason] = WHY[kind].find(([said]) => said.test(`${id} ${comment}`)) ?? [];
  return reason ?? (kind === 'jws' ? 'signature_mismatch' : 'decryption_failed');
}

function policyOf({ compact, result }: VectorCase): string | undefined {
  if (result === 'invalid') return undefined;
  const header = JSON.parse(Buffer.from(compact.split('.')[0] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
  return Object.keys(POLICIES).find((name) => POLICIES[name]?.applies(header));
}

/** The key of a case as a source. A key for RSA1_5 does not exist here, so its policy is tried with the same key for OAEP. */
function sourceOf(file: VectorFile, one: VectorCase): object {
  const { password, ...jwk } = file.keys[one.key] ?? {};
  return password !== undefined
    ? { text: String(password), alg: one.alg, iterations: 10_000 }
    : (jwk['alg'] ?? one.alg) === 'RSA1_5'
      ? { jwk: { ...jwk, alg: 'RSA-OAEP' } }
      : { jwk, ...(jwk['alg'] === undefined && one.alg !== undefined ? { alg: one.alg } : {}) };
}

/** The bytes of a case in hexadecimal, or the error that refused it. */
async function outcomeOf(file: VectorFile, one: VectorCase): Promise<string | JOSEError | InvalidKey> {
  try {
    const source = sourceOf(file, one);
    const bytes =
      one.kind === 'jws'
        ? (await verifyCompact(one.compact, source as KeySource)).payload
        : (await decryptCompact(one.compact, source as EncryptionKeySource)).plaintext;
    return Buffer.from(bytes).toString('hex');
  } catch (error) {
    if (error instanceof JOSEError || error instanceof InvalidKey) return error;
    throw error;
  }
}

for (const file of FILES) {
  describe(`the vectors of ${file.source}`, () => {
    it.each(file.cases.map((one) => [one.id, one] as const))(
      '%s is decided as labelled, overridden or refused by policy, and for the right reason',
      async (id, one) => {
        const outcome = await outcomeOf(file, one);
        const policy = policyOf(one);
        if (policy !== undefined) {
          expect((outcome as JOSEError).code).toBe(POLICIES[policy]?.code);
        } else if ((OVERRIDES[id]?.result ?? one.result) === 'valid') {
          expect(outcome).toBe(one.bytes ?? payloadOf(one.compact));
        } else if (REFUSED_BY_THE_KEY.has(id)) {
          expect(outcome).toBeInstanceOf(InvalidKey);
        } else {
          const reason = reasonFor(one);
          expect(outcome).toBeInstanceOf(JOSEError);
          expect([reason, (outcome as JOSEError).message]).toEqual([reason, REASONS[reason].cause]);
        }
      },
    );
  });
}

/** The payload as it stands in a JWS whose source does not give it apart. */
function payloadOf(compact: string): string {
  return Buffer.from(compact.split('.')[1] ?? '', 'base64url').toString('hex');
}

describe('the list of vectors', () => {
  const all = FILES.flatMap((file) => file.cases);
  const ids = new Set(all.map((one) => one.id));

  it('has every case of the sources, and no id twice', () => {
    expect(FILES.map((file) => file.cases.length)).toEqual([200, 69, 67]);
    expect(ids.size).toBe(all.length);
  });

  it('has at most twelve overrides, each of a case there is, with another result than its label and with a reason', () => {
    expect(Object.keys(OVERRIDES).length).toBeLessThanOrEqual(12);
    for (const [id, { result, reason }] of Object.entries(OVERRIDES)) {
      expect(all.find((one) => one.id === id)?.result).toBe(result === 'valid' ? 'invalid' : 'valid');
      expect(reason).toMatch(/\.$/);
    }
  });

  it('has cases for every reason that a token on bytes is refused for', () => {
    const invalid = all.filter(({ result }) => result === 'invalid').map(reasonFor);
    expect([...new Set(invalid)].sort()).toEqual([
      'algorithm_not_allowed',
      'decryption_failed',
      'encryption_not_allowed',
      'header_malformed',
      'jwe_malformed',
      'key_not_found',
      'signature_mismatch',
      'token_malformed',
      'token_missing',
      'token_unsigned',
    ]);
  });

  it('counts apart, by name, what a policy refuses', () => {
    const counts: Record<string, number> = {};
    for (const one of all) {
      const policy = policyOf(one);
      if (policy !== undefined) counts[policy] = (counts[policy] ?? 0) + 1;
    }
    expect(counts).toEqual({ RSA1_5: 6, zip: 1, b64: 1 });
  });

  it('has one answer for everything that fails with a key at hand (L45)', async () => {
    const answers = new Set<string>();
    let failed = 0;
    for (const file of FILES) {
      for (const one of file.cases.filter(({ kind }) => kind === 'jwe')) {
        const outcome = await outcomeOf(file, one);
        if (!(outcome instanceof JOSEError) || outcome.code !== 'ERR_JWE_DECRYPTION_FAILED') continue;
        failed += 1;
        answers.add(JSON.stringify([outcome.name, outcome.message, outcome]));
      }
    }
    expect(failed).toBeGreaterThan(10);
    expect(answers.size).toBe(1);
  });

  it.each(['signature 346', 'signature 350'])(
    '%s verifies once its key is given as one for PS384',
    async (id) => {
      const [file] = FILES as [VectorFile];
      const one = file.cases.find((candidate) => candidate.id === id)!;
      const { alg: _alg, ...jwk } = file.keys[one.key]!;
      const { protectedHeader } = await verifyCompact(one.compact, { jwk }, { algorithms: ['PS384'] });
      expect(protectedHeader.alg).toBe('PS384');
    },
  );

  it('signature 372 verifies once the ? is taken out', async () => {
    const [file] = FILES as [VectorFile];
    const one = file.cases.find((candidate) => candidate.id === 'signature 372')!;
    const { payload } = await verifyCompact(one.compact.replace('?', ''), { jwk: file.keys[one.key]! });
    expect(Buffer.from(payload).toString()).toBe('Test');
  });

  it('waits for nothing', () => {
    expect(PENDING_KEYS_BRANCH).toEqual([]);
  });
});
