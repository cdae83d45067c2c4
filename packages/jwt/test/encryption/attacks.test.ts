/** Rows L43 to L49 of the table of attacks, each with its positive twin. */
import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  decryptCompact,
  type EncryptionKeySource,
  encryptCompact,
  InvalidKey,
  importEncryptionKey,
  type KeyManagementName,
  verifyCompact,
} from '../../src/index.ts';
import {
  aesWrapped,
  base64url,
  bytes,
  gcmWrapped,
  handmadeCbc,
  handmadeGcm,
  headerOf,
  P256,
  P384,
  pairFor,
  partOf,
  RSA,
  withHeader,
  withPart,
  X25519,
} from '../fixtures/encryption.ts';

const FAILED = 'ERR_JWE_DECRYPTION_FAILED';
const MALFORMED = 'ERR_JWE_INVALID';
const NOT_ALLOWED = 'ERR_JOSE_ALG_NOT_ALLOWED';

/** The text that was read, or the code of the refusal. */
async function outcomeOf(
  jwe: string,
  key: EncryptionKeySource | readonly EncryptionKeySource[],
): Promise<string> {
  try {
    const { plaintext } = await decryptCompact(jwe, key);
    return `read ${Buffer.from(plaintext).toString()}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** All that can be seen of a refusal. */
async function refusalOf(jwe: string, key: EncryptionKeySource): Promise<string> {
  const error = (await decryptCompact(jwe, key).catch((caught: unknown) => caught)) as Error;
  return JSON.stringify([error.name, error.message, error, Object.getOwnPropertyNames(error)]);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('L43: a JWE that was changed', () => {
  const ALGS: readonly KeyManagementName[] = [
    'A256KW',
    'A256GCMKW',
    'RSA-OAEP-256',
    'ECDH-ES',
    'ECDH-ES+A256KW',
    'dir',
  ];

  describe.each(ALGS)('with %s', (alg) => {
    const { encrypts, decrypts } = pairFor(alg, 'A128CBC-HS256');
    let jwe = '';
    beforeAll(async () => {
      jwe = await encryptCompact('text', encrypts, { enc: 'A128CBC-HS256' });
    });

    it('is read when nothing was changed', async () => {
      expect(await outcomeOf(jwe, decrypts)).toBe('read text');
    });

    it.each([
      ['encrypted key', 1],
      ['initialization vector', 2],
      ['ciphertext', 3],
      ['tag', 4],
    ] as const)('is refused when its %s is modified, missing, cut or extended', async (_name, index) => {
      const part = partOf(jwe, index);
      const extended = Buffer.concat([part, Buffer.from([0])]);
      const changed = [withPart(jwe, index, extended)];
      if (part.length > 0) {
        const modified = Buffer.from(part);
        modified[part.length - 1] = (modified.at(-1) ?? 0) ^ 1;
        changed.push(
          withPart(jwe, index, modified),
          withPart(jwe, index, ''),
          withPart(jwe, index, part.subarray(0, -1)),
        );
      }
      for (const one of changed) expect(await outcomeOf(one, decrypts)).toBe(FAILED);
    });

    it('is refused when its header is modified or extended', async () => {
      for (const changes of [{ kid: undefined, x: 1 }, { typ: 'JOSE' }, { cty: 'x' }]) {
        expect(await outcomeOf(withHeader(jwe, changes), decrypts)).toBe(FAILED);
      }
      expect(await outcomeOf(withHeader(jwe, { enc: 'A256GCM' }), decrypts)).not.toMatch(/^read/);
    });

    it('is refused when its header is missing or a separator is', async () => {
      const parts = jwe.split('.');
      for (const one of [
        withPart(jwe, 0, ''),
        `.${jwe}`,
        `${jwe}.`,
        jwe.replace('.', ''),
        parts.slice(0, 4).join('.'),
      ]) {
        expect(await outcomeOf(one, decrypts)).toBe(MALFORMED);
      }
      expect(await outcomeOf(parts.slice(0, 3).join('.'), decrypts)).toBe('ERR_JWT_INVALID');
    });
  });

  it('is refused when it is spelled otherwise', async () => {
    const key = { hex: '22'.repeat(32) };
    const jwe = await encryptCompact('text', key, { enc: 'A256GCM' });
    const [header = '', ...rest] = jwe.split('.');
    const tag = rest.at(-1) ?? '';
    const otherEnd = `${tag.slice(0, -1)}${String.fromCharCode(tag.charCodeAt(tag.length - 1) + 1)}`;
    expect(Buffer.from(otherEnd, 'base64url')).toEqual(Buffer.from(tag, 'base64url'));
    for (const one of [
      withPart(jwe, 4, otherEnd),
      withPart(jwe, 4, `${tag}==`),
      withPart(jwe, 4, `${tag.slice(0, 4)} ${tag.slice(4)}`),
      ` ${jwe}`,
      `${jwe}\n`,
      `${header.slice(0, 3)}?${header.slice(3)}.${rest.join('.')}`,
      JSON.stringify({ protected: header, ciphertext: rest[2] }),
    ]) {
      expect(await outcomeOf(one, key)).toBe(MALFORMED);
    }
    expect(await outcomeOf(jwe, key)).toBe('read text');
  });

  it('is refused when its header is no object, has a member twice, or lacks enc', async () => {
    const key = { hex: '22'.repeat(32) };
    const header = (text: string) => `${base64url(text)}.AA.AA.AA.AA`;
    for (const text of [
      '[]',
      'null',
      '"x"',
      '\uFEFF{"alg":"A256KW","enc":"A256GCM"}',
      '{"alg":"A256KW","enc":"A256GCM","alg":"A256KW"}',
      '{"alg":"A256KW"}',
      '{"alg":"A256KW","enc":1}',
      '{"alg":["A256KW"],"enc":"A256GCM"}',
      '{"enc":"A256GCM"}',
    ]) {
      expect(await outcomeOf(header(text), key)).toBe(MALFORMED);
    }
    expect(await outcomeOf(header('{"alg":"A256KW","enc":"A256GCM"}'), key)).toBe(FAILED);
  });

  it.each([
    ['null', null],
    ['a number', 1],
    ['an object', {}],
    ['a list', ['a.b.c.d.e']],
    ['bytes', Buffer.from('a.b.c.d.e')],
    ['empty', ''],
    ['a dot', '.'],
    ['four dots', '....'],
    ['cut to four parts', 'a.b.c.d'],
    ['of six parts', 'a.b.c.d.e.f'],
    ['a million dots', '.'.repeat(1_000_000)],
    ['longer than is accepted', `${'A'.repeat(1_000_000)}.A.A.A.A`],
  ])('is refused, and never as a mistake of the caller, when it is %s', async (_what, jwe) => {
    expect(await outcomeOf(jwe as string, { hex: '22'.repeat(32) })).toMatch(/^ERR_JW/);
  });

  it('(property) is read when it was not, and one bit away refused with one and the same error', async () => {
    const sources = ALGS.map((alg) => pairFor(alg, 'A128CBC-HS256'));
    const answers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.nat(sources.length - 1),
        fc.constantFrom(1, 2, 3, 4),
        fc.nat(),
        async (plaintext, at, part, position) => {
          const { encrypts, decrypts } = sources[at]!;
          const jwe = await encryptCompact(plaintext, encrypts, { enc: 'A128CBC-HS256' });
          expect(new Uint8Array((await decryptCompact(jwe, decrypts)).plaintext)).toEqual(plaintext);
          const flipped = partOf(jwe, part as 1);
          if (flipped.length === 0) return;
          const bit = position % (flipped.length * 8);
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          answers.add(await refusalOf(withPart(jwe, part as 1, flipped), decrypts));
        },
      ),
      { numRuns: 60 },
    );
    expect([...answers]).toEqual([expect.stringContaining(FAILED)]);
  });
});

describe('L44: a tag of another length', () => {
  const secret = bytes(16);
  const dir = { hex: secret.toString('hex'), alg: 'dir', enc: 'A128GCM' } as const;

  it.each([15, 12, 8, 4, 0])(
    'of %i bytes is refused for GCM, though its bytes are right',
    async (tagBytes) => {
      const header = { alg: 'dir', enc: 'A128GCM' };
      expect(await outcomeOf(handmadeGcm(header, secret, '', { tagBytes }), dir)).toBe(FAILED);
      expect(await outcomeOf(handmadeGcm(header, secret), dir)).toBe('read text');
    },
  );

  it('of 17 bytes is refused for GCM', async () => {
    const jwe = handmadeGcm({ alg: 'dir', enc: 'A128GCM' }, secret);
    expect(await outcomeOf(withPart(jwe, 4, Buffer.concat([partOf(jwe, 4), Buffer.alloc(1)])), dir)).toBe(
      FAILED,
    );
  });

  it.each([15, 12, 8, 4, 0])(
    'of %i bytes in the header is refused for GCM key wrapping',
    async (tagBytes) => {
      const key = { hex: secret.toString('hex'), alg: 'A128GCMKW' } as const;
      const cek = randomBytes(32);
      const { encryptedKey, iv, tag } = gcmWrapped(secret, cek);
      const jweWith = (short: Buffer) =>
        handmadeGcm({ alg: 'A128GCMKW', enc: 'A256GCM', iv, tag: base64url(short) }, cek, encryptedKey);
      expect(await outcomeOf(jweWith(tag.subarray(0, tagBytes)), key)).toBe(FAILED);
      expect(await outcomeOf(jweWith(tag), key)).toBe('read text');
    },
  );

  it('or an initialization vector of another kind in the header is refused for GCM key wrapping', async () => {
    const key = { hex: secret.toString('hex'), alg: 'A128GCMKW' } as const;
    const cek = randomBytes(32);
    const { encryptedKey, iv, tag } = gcmWrapped(secret, cek);
    for (const other of [undefined, 1, '', `${iv}=`, iv.slice(0, -4), `${iv}AAAA`]) {
      const header = { alg: 'A128GCMKW', enc: 'A256GCM', iv: other, tag: base64url(tag) };
      expect(await outcomeOf(handmadeGcm(header, cek, encryptedKey), key)).toBe(FAILED);
    }
  });

  it.each(['A128CBC-HS256', 'A192CBC-HS384', 'A256CBC-HS512'] as const)('is refused for %s', async (enc) => {
    const { encrypts } = pairFor('dir', enc);
    const jwe = await encryptCompact('text', encrypts);
    const tag = partOf(jwe, 4);
    expect(await outcomeOf(withPart(jwe, 4, tag.subarray(0, -4)), encrypts)).toBe(FAILED);
    expect(await outcomeOf(withPart(jwe, 4, Buffer.concat([tag, tag])), encrypts)).toBe(FAILED);
    expect(await outcomeOf(jwe, encrypts)).toBe('read text');
  });
});

describe('L45: a padding oracle', () => {
  const key = {
    jwk: RSA.privateKey.export({ format: 'jwk' }) as Record<string, unknown>,
    alg: 'RSA-OAEP',
  } as const;

  it('is not there: RSA1_5 is refused by its name, whatever the key', async () => {
    const cek = randomBytes(16);
    const wrapped = publicEncrypt({ key: RSA.publicKey, padding: constants.RSA_PKCS1_PADDING }, cek);
    const jwe = handmadeGcm({ alg: 'RSA1_5', enc: 'A128GCM' }, cek, wrapped);
    expect(await outcomeOf(jwe, key)).toBe(NOT_ALLOWED);
    expect(() => importEncryptionKey(RSA.privateKey, { alg: 'RSA1_5' as never })).toThrow(InvalidKey);
    const jwk = { ...key.jwk, alg: 'RSA1_5' };
    expect(() => importEncryptionKey({ jwk })).toThrow(InvalidKey);
  });

  /** What OAEP does not find in order, each in its own way. */
  function badlyPadded(): Buffer[] {
    const raw = (block: Buffer) =>
      publicEncrypt(
        { key: RSA.publicKey, padding: constants.RSA_NO_PADDING },
        Buffer.concat([Buffer.from([0]), block]),
      );
    const pkcs1 = (message: Buffer) =>
      publicEncrypt({ key: RSA.publicKey, padding: constants.RSA_PKCS1_PADDING }, message);
    const oaep = (message: Buffer, oaepHash: string) =>
      publicEncrypt({ key: RSA.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, message);
    return [
      raw(Buffer.alloc(255)),
      raw(Buffer.alloc(255, 1)),
      raw(randomBytes(255)),
      pkcs1(randomBytes(16)),
      pkcs1(randomBytes(24)),
      pkcs1(Buffer.alloc(0)),
      oaep(randomBytes(16), 'sha256'),
      oaep(randomBytes(15), 'sha1'),
    ];
  }

  it('is not there: eight paddings and a bad tag have one answer', async () => {
    const jwe = await encryptCompact('text', RSA.publicKey, { alg: 'RSA-OAEP', enc: 'A128GCM' });
    const bad = [
      withPart(jwe, 4, bytes(16)),
      ...badlyPadded().map((encrypted) => withPart(jwe, 1, encrypted)),
    ];
    const answers = await Promise.all(bad.map((one) => refusalOf(one, key)));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(FAILED);
    expect(await outcomeOf(jwe, key)).toBe('read text');
  });

  it('is not there: the content is decrypted with a random key where the padding was bad, so the way is the same', async () => {
    const jwe = await encryptCompact('text', RSA.publicKey, { alg: 'RSA-OAEP', enc: 'A128GCM' });
    const decrypt = vi.spyOn(globalThis.crypto.subtle, 'decrypt');
    for (const one of [
      withPart(jwe, 4, bytes(16)),
      ...badlyPadded().map((encrypted) => withPart(jwe, 1, encrypted)),
    ]) {
      decrypt.mockClear();
      await outcomeOf(one, key);
      const calls = decrypt.mock.calls.map(
        ([algorithm]) => (algorithm as { name?: string }).name ?? algorithm,
      );
      expect(calls).toEqual(['RSA-OAEP', 'AES-GCM']);
    }
  });

  it('is not there: four faults of CBC padding and its tag have one answer', async () => {
    const secret = bytes(32);
    const dir = { hex: secret.toString('hex'), alg: 'dir', enc: 'A128CBC-HS256' } as const;
    const header = { alg: 'dir', enc: 'A128CBC-HS256' };
    const padded = (padding: number[]) => Buffer.concat([Buffer.from('twelve bytes'), Buffer.from(padding)]);
    const good = handmadeCbc(header, secret, padded([4, 4, 4, 4]));
    expect(await outcomeOf(good, dir)).toBe('read twelve bytes');
    const changed = partOf(good, 3);
    changed[0] = (changed[0] ?? 0) ^ 1;
    const answers = await Promise.all(
      [
        handmadeCbc(header, secret, padded([1, 2, 3, 5])),
        handmadeCbc(header, secret, padded([0, 0, 0, 0])),
        withPart(good, 3, changed),
        withPart(good, 4, bytes(16)),
      ].map((one) => refusalOf(one, dir)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain(FAILED);
  });
});

describe('L46: an ephemeral key', () => {
  const { encrypts, decrypts } = pairFor('ECDH-ES', 'A256GCM');
  const point = P256.publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const other = P384.publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const okp = X25519.publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const zeros = base64url(Buffer.alloc(32));
  const beside = Buffer.from(point['y'] ?? '', 'base64url');
  beside[31] = (beside[31] ?? 0) ^ 1;

  it.each([
    ['beside the curve', { ...point, y: base64url(beside) }],
    ['at infinity', { ...point, x: zeros, y: zeros }],
    ['on another curve', other],
    ['on another curve under this one’s name', { ...other, crv: 'P-256' }],
    ['of kty OKP', okp],
    ['of kty OKP under an EC curve’s name', { ...okp, crv: 'P-256' }],
    ['with its private part', P256.privateKey.export({ format: 'jwk' })],
    ['with an empty private part', { ...point, d: '' }],
    ['without x', { ...point, x: undefined }],
    ['without y', { ...point, y: undefined }],
    ['with a coordinate too short', { ...point, x: (point['x'] ?? '').slice(0, -4) }],
    ['with a padded coordinate', { ...point, x: `${point['x']}=` }],
    ['that is a list', [point]],
    ['that is text', JSON.stringify(point)],
    ['that is missing', undefined],
  ])('%s is refused before it meets the private key', async (_what, epk) => {
    const jwe = await encryptCompact('text', encrypts);
    const derive = vi.spyOn(globalThis.crypto.subtle, 'deriveBits');
    expect(await outcomeOf(withHeader(jwe, { epk }), decrypts)).toBe(FAILED);
    expect(derive).not.toHaveBeenCalled();
    expect(await outcomeOf(jwe, decrypts)).toBe('read text');
    expect(derive).toHaveBeenCalledOnce();
  });

  it.each([
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  ])(
    'of low order on X25519 (%s) is refused, even with a content key from the shared secret zero',
    async (hex) => {
      const pair = pairFor('ECDH-ES', 'A128GCM', X25519 as unknown as typeof P256);
      const good = await encryptCompact('text', pair.encrypts, { enc: 'A128GCM' });
      expect(await outcomeOf(good, pair.decrypts)).toBe('read text');
      const epk = { kty: 'OKP', crv: 'X25519', x: base64url(Buffer.from(hex, 'hex')) };
      const jwe = handmadeGcm({ alg: 'ECDH-ES', enc: 'A128GCM', epk }, await keyOfZero('A128GCM'));
      expect(await outcomeOf(jwe, pair.decrypts)).toBe(FAILED);
    },
  );

  it.each(['apu', 'apv'])('is refused beside an %s that is no base64url', async (name) => {
    const jwe = await encryptCompact('text', encrypts);
    const derive = vi.spyOn(globalThis.crypto.subtle, 'deriveBits');
    for (const value of [1, 'a b', 'AB']) {
      expect(await outcomeOf(withHeader(jwe, { [name]: value }), decrypts)).toBe(FAILED);
    }
    expect(derive).not.toHaveBeenCalled();
  });
});

/** The content key that follows from the shared secret zero (RFC 7518 §4.6.2): what an attacker would count on. */
async function keyOfZero(enc: string): Promise<Buffer> {
  const uint32 = (value: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(value);
    return buffer;
  };
  const info = [uint32(enc.length), Buffer.from(enc), uint32(0), uint32(0), uint32(128)];
  const input = Buffer.concat([uint32(1), Buffer.alloc(32), ...info]);
  return Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', input)).subarray(0, 16);
}

describe('L47: a count of iterations', () => {
  const password = {
    text: 'correct horse battery',
    alg: 'PBES2-HS256+A128KW',
    iterations: 1_200_000,
  } as const;

  it.each([2_147_483_647, 1_200_001, 999, 0, -1, 1.5, '1000', null, undefined, 1e300])(
    'of %s is refused before the password is stretched',
    async (p2c) => {
      const jwe = await encryptCompact('text', { ...password, iterations: 1000 });
      const derive = vi.spyOn(globalThis.crypto.subtle, 'deriveBits');
      expect(await outcomeOf(withHeader(jwe, { p2c }), password)).toBe(FAILED);
      expect(derive).not.toHaveBeenCalled();
      expect(await outcomeOf(jwe, password)).toBe('read text');
      expect(derive).toHaveBeenCalledOnce();
    },
  );

  it.each([base64url(bytes(7)), '', 'a b', undefined, 8])(
    'beside the salt %s is refused before the password is stretched',
    async (p2s) => {
      const jwe = await encryptCompact('text', { ...password, iterations: 1000 });
      const derive = vi.spyOn(globalThis.crypto.subtle, 'deriveBits');
      expect(await outcomeOf(withHeader(jwe, { p2s }), password)).toBe(FAILED);
      expect(derive).not.toHaveBeenCalled();
    },
  );

  it('is not asked for where PBES2 is not: no other key answers to it', async () => {
    const jwe = await encryptCompact('text', { ...password, iterations: 1000 });
    expect(await outcomeOf(jwe, { hex: '22'.repeat(16), alg: 'A128KW' })).toBe(NOT_ALLOWED);
  });

  it('must be given with a password, within bounds, and with nothing else', () => {
    const { iterations: _iterations, ...without } = password;
    expect(() => importEncryptionKey(without)).toThrow(InvalidKey);
    for (const iterations of [999, 10_000_001, 1.5, Number.NaN, '1000' as never]) {
      expect(() => importEncryptionKey({ ...password, iterations })).toThrow(InvalidKey);
    }
    expect(() => importEncryptionKey({ hex: '22'.repeat(16), iterations: 1000 })).toThrow(InvalidKey);
    expect(importEncryptionKey(password).algorithm).toBe('PBES2-HS256+A128KW');
  });
});

describe('L48: compression', () => {
  const secret = bytes(32);
  const key = { hex: secret.toString('hex') };

  it.each([10_000_000, 250_001, 1])('of %i zeros is refused, and nothing is inflated', async (length) => {
    const made = new CompactEncrypt(new Uint8Array(length)).setProtectedHeader({
      alg: 'A256KW',
      enc: 'A256GCM',
      zip: 'DEF',
    });
    const jwe = await made.encrypt(secret);
    const decrypt = vi.spyOn(globalThis.crypto.subtle, 'decrypt');
    expect(await outcomeOf(jwe, key)).toBe(NOT_ALLOWED);
    expect(decrypt).not.toHaveBeenCalled();
  });

  it.each(['GZIP', 'def', '', null, false])('named %j is refused', async (zip) => {
    const jwe = await encryptCompact('text', key);
    expect(await outcomeOf(withHeader(jwe, { zip }), key)).toBe(NOT_ALLOWED);
    expect(await outcomeOf(jwe, key)).toBe('read text');
  });

  it('is refused in the header of a JWS', async () => {
    const { createHmac } = await import('node:crypto');
    const signed = (header: object) => {
      const input = `${base64url(JSON.stringify(header))}.${base64url('text')}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    };
    const zipped = verifyCompact(signed({ alg: 'HS256', zip: 'DEF' }), key);
    await expect(zipped).rejects.toMatchObject({ code: NOT_ALLOWED });
    await expect(verifyCompact(signed({ alg: 'HS256' }), key)).resolves.toBeDefined();
  });

  it.each([[['exp']], [[]], [['zip']], ['exp'], [['b64']]])(
    'or an extension named as critical (%j) is refused',
    async (crit) => {
      const jwe = await encryptCompact('text', key);
      expect(await outcomeOf(withHeader(jwe, { crit, exp: 1 }), key)).toBe('ERR_JOSE_NOT_SUPPORTED');
    },
  );
});

describe('L49: a key for something else', () => {
  it.each([128, 192, 256] as const)(
    'of %i bits: key wrapping and GCM key wrapping are not taken for each other',
    async (bits) => {
      const hex = bytes(bits / 8).toString('hex');
      const wrap = { hex, alg: `A${bits}KW` } as const;
      const gcm = { hex, alg: `A${bits}GCMKW` } as const;
      expect(await outcomeOf(await encryptCompact('text', wrap), gcm)).toBe(NOT_ALLOWED);
      expect(await outcomeOf(await encryptCompact('text', gcm), wrap)).toBe(NOT_ALLOWED);
      expect(await outcomeOf(await encryptCompact('text', gcm), gcm)).toBe('read text');
      expect(await outcomeOf(await encryptCompact('text', wrap), wrap)).toBe('read text');
    },
  );

  it('is refused at the door when its length is wrong for dir or for wrapping', () => {
    for (const length of [15, 17, 31, 33, 40]) {
      expect(() => importEncryptionKey({ hex: '22'.repeat(length), alg: 'dir' })).toThrow(InvalidKey);
      expect(() => importEncryptionKey({ hex: '22'.repeat(length), alg: 'A256KW' })).toThrow(InvalidKey);
    }
    expect(() => importEncryptionKey({ hex: '22'.repeat(16), alg: 'dir', enc: 'A256GCM' })).toThrow(
      InvalidKey,
    );
    expect(importEncryptionKey({ hex: '22'.repeat(16), alg: 'dir', enc: 'A128GCM' }).algorithm).toBe('dir');
  });

  it('is refused when the content is encrypted otherwise than the key is for', async () => {
    const key = { hex: '22'.repeat(32) };
    const jwe = await encryptCompact('text', key, { enc: 'A128CBC-HS256' });
    expect(await outcomeOf(jwe, { ...key, enc: 'A256GCM' })).toBe(NOT_ALLOWED);
    expect(await outcomeOf(jwe, { ...key, enc: 'A128CBC-HS256' })).toBe('read text');
    expect(await outcomeOf(withHeader(jwe, { enc: 'A512GCM' }), key)).toBe(NOT_ALLOWED);
  });

  it('is refused when a content key of another length than enc asks for was wrapped', async () => {
    const secret = bytes(32);
    const key = { hex: secret.toString('hex') };
    const jweWith = (bytesOfKey: number) => {
      const cek = randomBytes(bytesOfKey);
      return handmadeGcm({ alg: 'A256KW', enc: 'A256GCM' }, cek, aesWrapped(secret, cek));
    };
    expect(await outcomeOf(jweWith(16), key)).toBe(FAILED);
    expect(await outcomeOf(jweWith(24), key)).toBe(FAILED);
    expect(await outcomeOf(jweWith(32), key)).toBe('read text');
  });

  it('is refused at the door when it is RSA with 1024 bits', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    for (const key of [publicKey, privateKey]) {
      expect(() => importEncryptionKey(key, { alg: 'RSA-OAEP-256' })).toThrow(/at least 2048 bits/);
    }
  });

  it('is refused in a token for another key of the same kind, with the same error as a changed token', async () => {
    const jwe = await encryptCompact('text', { hex: '22'.repeat(32) });
    expect(await refusalOf(jwe, { hex: '33'.repeat(32) })).toBe(
      await refusalOf(withPart(jwe, 4, bytes(16)), { hex: '22'.repeat(32) }),
    );
    expect(headerOf(jwe)).toEqual({ alg: 'A256KW', enc: 'A256GCM' });
  });
});
