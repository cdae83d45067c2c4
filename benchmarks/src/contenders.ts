/** Everyone who signs and verifies: this project, its peers, and the bare operation of node:crypto as the floor. */
import { createHmac, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import { importKey, JwtBuilder, JwtValidator } from '@tokenwright/jwt';
import { createSigner, createVerifier } from 'fast-jwt';
import { importSPKI, jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import type { BenchAlgorithm, BenchKeys } from './keys.ts';
import type { Contender } from './rounds.ts';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'benchmark';

/** The own claims of every token. */
const OWN = { name: 'admin', roles: ['admin'], tier: 3 };

function builder(keys: BenchKeys): JwtBuilder {
  return new JwtBuilder()
    .issuer(ISSUER)
    .audience(AUDIENCE)
    .signWith(keys.signing, keys.algorithm)
    .subject('admin')
    .claims(OWN)
    .validFor('1h');
}

/** Tokens that every contender accepts, each with a `jti` of its own. */
export function tokens(keys: BenchKeys, count: number): string[] {
  return Array.from({ length: count }, () => builder(keys).buildSync().token);
}

/** Everyone who signs. */
export function signers(keys: BenchKeys): Contender[] {
  const { algorithm, signing, signingText } = keys;
  const ours = builder(keys);
  const fast = createSigner({
    key: signingText,
    algorithm,
    expiresIn: 3_600_000,
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'admin',
    kid: 'benchmark',
  });
  const input = Buffer.from(tokens(keys, 1)[0]?.split('.').slice(0, 2).join('.') ?? '');
  const contenders: Contender[] = [
    { name: 'floor', work: bareSign(algorithm, signing, input) },
    { name: 'tokenwright', work: () => ours.buildSync().token },
    { name: 'tokenwright (promise)', work: () => ours.build() },
    { name: 'fast-jwt', work: (index) => fast({ ...OWN, jti: String(index) }) },
    {
      name: 'jose',
      work: (index) =>
        new SignJWT(OWN)
          .setProtectedHeader({ alg: algorithm, kid: 'benchmark' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setSubject('admin')
          .setIssuedAt()
          .setExpirationTime('1h')
          .setJti(String(index))
          .sign(signing),
    },
  ];
  if (algorithm === 'EdDSA') return contenders; // jsonwebtoken does not have it
  const options = {
    algorithm,
    expiresIn: 3600,
    issuer: ISSUER,
    audience: AUDIENCE,
    subject: 'admin',
    keyid: 'benchmark',
  } as const;
  contenders.push({
    name: 'jsonwebtoken',
    work: (index) => jsonwebtoken.sign({ ...OWN, jti: String(index) }, signing, options),
  });
  return contenders;
}

/** Everyone who verifies, none of them remembering anything. */
export async function verifiers(keys: BenchKeys, given: (index: number) => string): Promise<Contender[]> {
  const { algorithm, verifying, verifyingText } = keys;
  const ours = new JwtValidator({
    keys: importKey(verifying, algorithm),
    issuer: ISSUER,
    audience: AUDIENCE,
    cache: false,
  });
  const fast = createVerifier({
    key: verifyingText,
    algorithms: [algorithm],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
  });
  const joseKey = algorithm === 'HS256' ? verifying : await importSPKI(String(verifyingText), algorithm);
  const contenders: Contender[] = [
    { name: 'floor', work: bareVerify(algorithm, verifying, given) },
    { name: 'tokenwright', work: (index) => ours.verifySync(given(index)) },
    { name: 'tokenwright (promise)', work: (index) => ours.verify(given(index)) },
    { name: 'fast-jwt', work: (index) => fast(given(index)) as unknown },
    {
      name: 'jose',
      work: (index) =>
        jwtVerify(given(index), joseKey, { algorithms: [algorithm], issuer: ISSUER, audience: AUDIENCE }),
    },
  ];
  if (algorithm === 'EdDSA') return contenders;
  contenders.push({
    name: 'jsonwebtoken',
    work: (index) =>
      jsonwebtoken.verify(given(index), verifying, {
        algorithms: [algorithm],
        issuer: ISSUER,
        audience: AUDIENCE,
      }),
  });
  return contenders;
}

/**
 * The two who remember what they verified; this project asks for revocation each time, too, as it does for time and keys.
 * It stands first, and the others are multiples of it: no bare operation does the same, for looking a string up computes
 * nothing.
 */
export function rememberers(keys: BenchKeys, given: (index: number) => string): Contender[] {
  const { algorithm, verifying, verifyingText } = keys;
  const revoked = new Set<string | undefined>();
  const ours = new JwtValidator({
    keys: importKey(verifying, algorithm),
    issuer: ISSUER,
    audience: AUDIENCE,
    isRevoked: ({ jti }) => revoked.has(jti),
  });
  const fast = createVerifier({
    key: verifyingText,
    algorithms: [algorithm],
    allowedIss: ISSUER,
    allowedAud: AUDIENCE,
    cache: true,
  });
  return [
    { name: 'tokenwright', work: (index) => ours.verifySync(given(index)) },
    { name: 'tokenwright (promise)', work: (index) => ours.verify(given(index)) },
    { name: 'fast-jwt, cache on', work: (index) => fast(given(index)) as unknown },
  ];
}

function bareSign(algorithm: BenchAlgorithm, key: KeyObject, input: Buffer): () => unknown {
  if (algorithm === 'HS256') return () => createHmac('sha256', key).update(input).digest('base64url');
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  return () => sign(hash, input, key).toString('base64url');
}

function bareVerify(
  algorithm: BenchAlgorithm,
  key: KeyObject,
  given: (index: number) => string,
): (index: number) => unknown {
  const known = new Map<string, { input: Buffer; signature: Buffer }>();
  const partsOf = (token: string): { input: Buffer; signature: Buffer } => {
    const dot = token.lastIndexOf('.');
    const raw = Buffer.from(token.slice(dot + 1), 'base64url');
    return { input: Buffer.from(token.slice(0, dot)), signature: algorithm === 'ES256' ? der(raw) : raw };
  };
  const parts = (index: number): { input: Buffer; signature: Buffer } => {
    const token = given(index);
    let split = known.get(token);
    if (split === undefined) {
      split = partsOf(token);
      known.set(token, split);
    }
    return split;
  };
  const ready = Array.from({ length: 512 }, (_, index) => parts(index));
  if (algorithm === 'HS256') {
    return (index) => {
      const { input, signature } = ready[index & 511] ?? parts(0);
      return timingSafeEqual(createHmac('sha256', key).update(input).digest(), signature);
    };
  }
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  return (index) => {
    const { input, signature } = ready[index & 511] ?? parts(0);
    return verify(hash, input, key, signature);
  };
}

/** The form of an ECDSA signature that OpenSSL takes without converting. */
function der(raw: Buffer): Buffer {
  const integer = (bytes: Buffer): Buffer => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
    const rest = bytes.subarray(start);
    const value = (rest[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), rest]) : rest;
    return Buffer.concat([Buffer.of(2, value.length), value]);
  };
  const body = Buffer.concat([
    integer(raw.subarray(0, raw.length / 2)),
    integer(raw.subarray(raw.length / 2)),
  ]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}
