import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { explain, inspect, JOSEError } from '../src/index.ts';
import { hasRepeatedMember, repeatedMembers } from '../src/repeated-members.ts';
import { ec, ed25519, HEX } from './fixtures/keys.ts';
import {
  AUDIENCE,
  base64url,
  builder,
  CLAIMS,
  encoded,
  hmac,
  ISSUER,
  NOW,
  tokenWith,
  validatorOf,
} from './fixtures/tokens.ts';

const text = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'binary' }));
/** JSON values; JSON writes -0 as 0, so it is left out. */
const json = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
/** Claims that have a call of their own, and those that must be in the form of their standard. */
const TAKEN = new Set('iss sub aud exp nbf iat jti name roles scope client_id auth_time'.split(' '));
const ownClaims = fc.dictionary(
  fc
    .oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON'))
    .filter((name) => !TAKEN.has(name)),
  json,
  { maxKeys: 6 },
);

const keys = [
  {
    name: 'HS256',
    source: { hex: HEX },
    verify: createSecretKey(HEX, 'hex'),
    sign: createSecretKey(HEX, 'hex'),
  },
  {
    name: 'ES256',
    source: ec('P-256').privateKey,
    verify: ec('P-256').publicKey,
    sign: ec('P-256').privateKey,
  },
  { name: 'EdDSA', source: ed25519().privateKey, verify: ed25519().publicKey, sign: ed25519().privateKey },
] as const;
const anyKey = fc.constantFrom(...keys);

describe('whatever is built', () => {
  it('verifies here and with jose, and says the same to both', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyKey,
        text,
        fc.array(text, { minLength: 1, maxLength: 3 }),
        text,
        ownClaims,
        async (key, iss, aud, sub, own) => {
          const [first = '', ...more] = aud;
          const jwt = builder
            .issuer(iss)
            .audience(first, ...more)
            .subject(sub)
            .claims(own)
            .signWith(key.source);
          const { token, claims } = await jwt.build();
          const here = await jwt.validator({ maxTokenLength: 1e6 }).verify(token);
          const there = await jwtVerify(token, key.verify, {
            issuer: iss,
            audience: first,
            currentDate: new Date(NOW * 1000),
          });
          expect(here.claims).toEqual(claims);
          expect(JSON.stringify(there.payload)).toBe(JSON.stringify(here.claims));
          expect(JSON.stringify(inspect(token).claims)).toBe(JSON.stringify(here.claims));
          expect(Object.getPrototypeOf(here.claims)).toBe(Object.prototype);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is refused when one bit of it is another', async () => {
    await fc.assert(
      fc.asyncProperty(anyKey, fc.nat(), fc.nat({ max: 7 }), async (key, position, bit) => {
        const jwt = builder.subject('alice').signWith(key.source);
        const { token } = await jwt.build();
        const bytes = Buffer.from(token, 'latin1');
        const at = position % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const validator = jwt.validator();
        expect((await validator.safeVerify(token)).ok).toBe(true);
        expect((await validator.safeVerify(bytes.toString('latin1'))).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('is refused when one character is left out, doubled or swapped with the next', async () => {
    const { token } = await builder.build();
    const validator = builder.validator();
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: token.length - 2 }), async (at) => {
        const [before, here, next, after] = [
          token.slice(0, at),
          token[at] ?? '',
          token[at + 1] ?? '',
          token.slice(at + 2),
        ];
        for (const changed of [
          before + next + after,
          before + here + here + next + after,
          before + next + here + after,
        ]) {
          expect((await validator.safeVerify(changed)).ok).toBe(changed === token);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('whatever jose issues', () => {
  it('verifies here', async () => {
    await fc.assert(
      fc.asyncProperty(anyKey, ownClaims, async (key, own) => {
        const { auth_time: _ignored, ...rest } = own;
        const token = await new SignJWT({ ...rest })
          .setProtectedHeader({ alg: key.name, typ: 'JWT' })
          .setIssuer(ISSUER)
          .setAudience(AUDIENCE)
          .setIssuedAt(NOW)
          .setExpirationTime(NOW + 60)
          .sign(key.sign);
        const { claims } = await validatorOf({ keys: key.verify, maxTokenLength: 1e6 }).verify(token);
        expect(JSON.parse(JSON.stringify(claims))).toEqual(
          JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('arbitrary input', () => {
  const segment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => base64url(bytes)),
    json.map((value) => encoded(JSON.stringify(value))),
    fc.constantFrom(...tokenWith().split('.')),
  );
  const garbage = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(segment, { maxLength: 7 }).map((parts) => parts.join('.')),
    fc.anything(),
  ) as fc.Arbitrary<string>;

  it('never crashes verify: it is refused with an error of jose’s', async () => {
    const validator = validatorOf();
    await fc.assert(
      fc.asyncProperty(garbage, async (token) => {
        if (token === tokenWith()) return;
        await expect(validator.verify(token)).rejects.toBeInstanceOf(JOSEError);
        expect((await validator.safeVerify(token)).ok).toBe(false);
        await expect(builder.renew(token)).rejects.toBeInstanceOf(JOSEError);
      }),
      { numRuns: 500 },
    );
  });

  it('passes for base64url only when its bytes, encoded again, are the same text', async () => {
    const validator = validatorOf();
    const slip = fc.oneof(
      fc.constantFrom('', '=', '+', '/', '-', '_', 'A', '\n', '\u0141'),
      fc.string({ unit: 'binary' }),
    );
    const payload = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(55), fc.nat(1), slip)
      .map(([bytes, at, removed, put]) => {
        const part = base64url(bytes);
        return part.slice(0, at) + put + part.slice(at + removed);
      });
    await fc.assert(
      fc.asyncProperty(payload, async (part) => {
        const { checks } = await explain(tokenWith().replace(/\..*\./s, `.${part}.`), validator);
        const canonical = Buffer.from(part, 'base64url').toString('base64url') === part;
        expect(checks[0]).toMatchObject({ check: 'structure', outcome: canonical ? 'pass' : 'fail' });
      }),
      { numRuns: 500 },
    );
  });

  it('never crashes inspect, which finds a fault in whatever is neither signed nor encrypted', () => {
    fc.assert(
      fc.property(garbage, (token) => {
        const { kind, faults, verified } = inspect(token);
        expect(verified).toBe(false);
        if (kind === 'malformed') expect(faults).not.toEqual([]);
        if (kind === 'signed') expect(faults).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('never crashes explain, whose decisive check is the first that fails', async () => {
    const validator = validatorOf();
    await fc.assert(
      fc.asyncProperty(garbage, async (token) => {
        const { accepted, decisive, checks } = await explain(token, validator);
        expect(accepted).toBe(decisive === undefined);
        expect(decisive).toBe(checks.find(({ outcome }) => outcome === 'fail'));
      }),
      { numRuns: 500 },
    );
  });

  it('as claims with a good signature never crashes verify or explain', async () => {
    const names = fc.constantFrom('iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'auth_time');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, json), async (claims) => {
        const input = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ ...CLAIMS, ...claims })}`;
        const token = `${input}.${hmac(input)}`;
        const answer = await validatorOf().safeVerify(token);
        const { accepted } = await explain(token, validatorOf());
        expect(accepted).toBe(answer.ok);
        if (answer.ok) expect(Number.isNaN(answer.expiresAt?.getTime())).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

/** JSON as text in which members may repeat, with what repeats in it, in the order in which objects end. */
interface Written {
  text: string;
  repeated: { name: string; values: unknown[] }[];
}

const written: fc.Arbitrary<Written> = fc.letrec<{
  value: Written;
  object: Written;
  list: Written;
  scalar: Written;
}>((tie) => ({
  scalar: fc
    .oneof(
      fc.string(),
      fc.constantFrom('{', '}', '"', '\\', ',', ':', '[', ']'),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    )
    .map((value) => ({ text: JSON.stringify(value), repeated: [] })),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => ({
    text: `[ ${items.map((item) => item.text).join(' ,')}]`,
    repeated: items.flatMap((item) => item.repeated),
  })),
  object: fc
    .array(fc.tuple(fc.constantFrom('a', 'b', '{"', '__proto__', ''), tie('value')), { maxLength: 5 })
    .map((members) => {
      const own = [...new Set(members.map(([name]) => name))]
        .map((name) => ({
          name,
          values: members
            .filter(([other]) => other === name)
            .map(([, value]) => JSON.parse(value.text) as unknown),
        }))
        .filter(({ values }) => values.length > 1);
      const once = members.filter(([name]) => !own.some((repeated) => repeated.name === name));
      return {
        text: `{${members.map(([name, value]) => `${JSON.stringify(name)} : ${value.text}`).join(', ')}}`,
        repeated: [...once.flatMap(([, value]) => value.repeated), ...own],
      };
    }),
  value: fc.oneof({ maxDepth: 4 }, tie('scalar'), tie('list'), tie('object')),
})).object;

describe('repeated members', () => {
  it('are those that a naive count finds while the text is written', () => {
    fc.assert(
      fc.property(written, ({ text, repeated }) => {
        expect(repeatedMembers(text)).toEqual(repeated);
        expect(hasRepeatedMember(text)).toBe(repeated.length > 0);
      }),
      { numRuns: 500 },
    );
  });

  it('do not exist in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(repeatedMembers(JSON.stringify(value))).toEqual([]);
      }),
    );
  });
});
