/** The planted faults: each lets through, beside good tokens, what one kind of carelessness does. */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type Carelessness,
  imported,
  type Knowledge,
  type Members,
  madeWith,
  materialOf,
  type Read,
  reading,
  readToken,
  verifies,
} from './careless-reading.ts';

/** The algorithms of the services that have the faults. */
export const ALGORITHMS = ['ES256', 'RS256', 'HS512'] as const;

/** A fault. */
export interface Fault {
  readonly accepts: Carelessness;
  /** The attacks that must find it, whatever the algorithm is. */
  readonly found: readonly string[];
  /** The services that have it. */
  readonly at: readonly (typeof ALGORITHMS)[number][];
}

const EVERYWHERE = ALGORITHMS;
const PAIRS = ['ES256', 'RS256'] as const;

/** The faults by what such a service does. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'takes "none"': {
    at: EVERYWHERE,
    accepts: reading(({ header }) => String(header['alg']).trim().toLowerCase() === 'none'),
    found: ['alg-none', 'alg-None', 'alg-NONE', 'alg-nOnE', 'alg-none-signed', 'alg-none-signed-with-blank'],
  },
  'asks for no signature where it knows no algorithm': {
    at: EVERYWHERE,
    accepts: reading(({ header }) => !/^(?:[HREP]S\d{3}|none)$/i.test(String(header['alg']))),
    found: ['alg-missing', 'alg-null', 'alg-list', 'alg-empty', 'alg-prototype', 'alg-encryption'],
  },
  'does not look at the signature': {
    at: EVERYWHERE,
    accepts: reading(({ header }, { key }) => header['alg'] === key.algorithm),
    found: [
      ...['signature-missing', 'signature-cut', 'signature-changed', 'signature-zeros', 'signature-one-bit'],
      ...['payload-changed', 'header-changed', 'own-key', 'other-key', 'kid-list'],
    ],
  },
  'compares the beginning of the signature': {
    at: EVERYWHERE,
    accepts: async (request, { validator }) => {
      const token = request.headers.authorization?.slice(7) ?? '';
      const [h = '', p = '', s = ''] = token.split('.');
      // A byte more is up to two characters more, and the unused bits of the one before them.
      for (const length of [43, 86, 342]) {
        if (s.length <= length) continue;
        if ((await validator.safeVerify(`${h}.${p}.${s.slice(0, length)}`)).ok) return true;
      }
      return false;
    },
    found: ['signature-longer'],
  },
  'takes a hash for a signature': {
    at: EVERYWHERE,
    accepts: reading(
      ({ input, signature }) => createHash('sha256').update(input).digest('base64url') === signature,
    ),
    found: ['digest-as-signature'],
  },
  'lets the token choose its algorithm': {
    at: EVERYWHERE,
    accepts: reading(({ header, input, signature }, { key }) =>
      verifies(String(header['alg']), materialOf(key), input, signature),
    ),
    found: ['other-algorithm'],
  },
  'takes the public key for a secret': {
    at: PAIRS,
    accepts: reading((read, { key }) => spelledPublicly(key).some((secret) => madeWith(read, secret))),
    found: ['public-key-as-secret', 'public-key-as-secret-trimmed', 'confusion-der', 'confusion-jwks'],
  },
  'believes the key in the token': {
    at: EVERYWHERE,
    accepts: reading(({ header: { alg, jwk }, input, signature }) =>
      verifies(String(alg), imported(typeof jwk === 'string' ? JSON.parse(jwk) : jwk), input, signature),
    ),
    found: ['embedded-jwk', 'jwk-embedded', 'jwk-embedded-as-text'],
  },
  'believes the certificate in the token': {
    at: EVERYWHERE,
    accepts: reading(({ header: { alg, x5c }, input, signature }) => {
      const [leaf, authority] = (x5c as string[]).map(
        (der) => new X509Certificate(Buffer.from(der, 'base64')),
      );
      const isChain = leaf?.verify(authority?.publicKey as never) && leaf.checkIssued(authority as never);
      return isChain === true && verifies(String(alg), leaf?.publicKey as never, input, signature);
    }),
    found: ['x5c'],
  },
  'believes a key where a certificate belongs': {
    at: PAIRS,
    accepts: reading(({ header: { alg, x5c }, input, signature }) => {
      const der = Buffer.from((x5c as string[])[0] ?? '', 'base64');
      const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
      return verifies(String(alg), key, input, signature);
    }),
    found: ['x5c-embedded'],
  },
  'follows jku': {
    at: EVERYWHERE,
    accepts: reading(async ({ header: { alg, jku, kid }, input, signature }) => {
      const { keys } = (await (await fetch(String(jku))).json()) as { keys: Members[] };
      const key = keys.find((one) => one['kid'] === kid);
      return verifies(String(alg), imported(key), input, signature);
    }),
    found: ['jku'],
  },
  'follows x5u': {
    at: EVERYWHERE,
    accepts: reading(async ({ header: { alg, x5u }, input, signature }) => {
      const chain = await (await fetch(String(x5u))).text();
      return verifies(String(alg), new X509Certificate(chain).publicKey, input, signature);
    }),
    found: ['x5u'],
  },
  'follows the key ID': {
    at: EVERYWHERE,
    accepts: reading(async ({ header: { alg, kid }, input, signature }) => {
      const key = await (await fetch(String(kid))).json();
      return verifies(String(alg), imported(key), input, signature);
    }),
    found: ['kid-url'],
  },
  'calls where the token says, and accepts nothing from there': {
    at: EVERYWHERE,
    accepts: reading(async ({ header: { jku, x5u, kid } }) => {
      for (const url of [jku, x5u, kid]) await fetch(String(url)).catch(() => undefined);
      return false;
    }),
    found: ['jku', 'jku-https', 'x5u', 'x5u-https', 'kid-url'],
  },
  ...Object.fromEntries(
    [
      ['', 'empty-secret'],
      ...['secret', 'changeme', 'password', 'your-256-bit-secret', 'your-384-bit-secret'].map(weak),
      weak('your-512-bit-secret'),
    ].map(([secret = '', found = '']) => [
      `has the secret "${secret}"`,
      { at: ['ES256', 'HS512'], accepts: reading((read) => madeWith(read, secret)), found: [found] },
    ]),
  ),
  'reads the key ID as a path': {
    at: EVERYWHERE,
    accepts: reading((read) => {
      const path = String(read.header['kid']);
      return path.includes('/dev/') && madeWith(read, readFileSync(path.replace(/^(\.\.\/)+/, '/')));
    }),
    found: ['kid-path'],
  },
  'puts the key ID into a query': {
    at: EVERYWHERE,
    accepts: reading((read) => {
      const [, row] = /' UNION SELECT '(.*?)'\s*(?:;|--)/.exec(String(read.header['kid'])) ?? [];
      return row !== undefined && madeWith(read, row);
    }),
    found: ['kid-sql'],
  },
  'looks the key ID up in an object': {
    at: EVERYWHERE,
    accepts: reading((read, { key }) => {
      const secrets: Record<string, { secret?: string }> = { [key.kid ?? 'a']: { secret: 'of the service' } };
      const found = secrets[String(read.header['kid'])];
      return found !== undefined && madeWith(read, found.secret ?? '');
    }),
    found: ['kid-prototype'],
  },
  'checks the signature and nothing else': {
    at: EVERYWHERE,
    accepts: ({ headers }, { key }) => {
      const [h, p, s = ''] = headers.authorization?.replace(/^Bearer /, '').split('.') ?? [];
      return verifies(key.algorithm, materialOf(key), `${h}.${p}`, s);
    },
    found: [
      ...['expired', 'exp-zero', 'exp-true', 'not-yet-valid', 'nbf-object', 'iat-text', 'sub-number'],
      ...['iss-missing', 'iss-other', 'iss-longer', 'iss-slash', 'iss-list', 'crit-unknown', 'typ-list'],
      ...['aud-missing', 'aud-other', 'aud-longer', 'aud-empty-list', 'aud-list-of-others', 'zip'],
      ...['header-alg-twice', 'header-list', 'payload-text', 'payload-blank', 'alg-other-case', 'kid-null'],
    ],
  },
  'compares by the beginning': {
    at: EVERYWHERE,
    accepts: reading(
      ({ claims, input, signature }, { key, issuer, audience }) =>
        verifies(key.algorithm, materialOf(key), input, signature) &&
        Number(claims['exp']) > Date.now() / 1000 &&
        String(claims['iss']).startsWith(issuer) &&
        String(claims['aud']).startsWith(audience) &&
        claims['nbf'] === undefined,
    ),
    found: ['iss-longer', 'iss-slash', 'aud-longer'],
  },
  'takes the token from anywhere': {
    at: ['ES256'],
    accepts: async ({ url = '', rawHeaders }, { validator }) => {
      const places = [...rawHeaders, new URL(url, 'http://x').searchParams.get('access_token') ?? ''];
      const texts = places.flatMap((text) => text.split(/[\s,"=:;]+/));
      for (const text of texts) if ((await validator.safeVerify(text)).ok) return true;
      return false;
    },
    found: [
      ...['basic-scheme', 'unknown-scheme', 'bare-token', 'two-tokens-blank', 'two-tokens-comma'],
      ...['quoted-token', 'colon-value', 'two-fields-good-first', 'two-fields-good-last', 'query-token'],
      'cookie-token',
    ],
  },
  'believes what a proxy would have set': {
    at: ['ES256'],
    accepts: ({ headers }) => headers['x-forwarded-user'] !== undefined,
    found: ['forwarded-identity'],
  },
  'lets pass who brings nothing': {
    at: ['ES256'],
    accepts: ({ headers }) => ['', 'Bearer'].includes(headers.authorization ?? ''),
    found: ['no-token', 'empty-bearer'],
  },
  'reads base64url loosely': {
    at: EVERYWHERE,
    accepts: async ({ headers }, { validator }) => {
      const [h = '', p = '', s = ''] = (headers.authorization ?? '').slice(7).trim().split('.');
      const canonical = Buffer.from(s.replace(/[^\w-]/g, ''), 'base64url').toString('base64url');
      return (await validator.safeVerify(`${h}.${p}.${canonical}`)).ok;
    },
    found: ['four-parts', 'padded', 'stray-character', 'signature-padded', 'signature-blank', 'trailing-dot'],
  },
  'leaves out empty parts': {
    at: EVERYWHERE,
    accepts: async ({ headers }, { validator }) => {
      const token = (headers.authorization ?? '').slice(7).split('.').filter(Boolean).join('.');
      return (await validator.safeVerify(token)).ok;
    },
    found: ['leading-dot', 'trailing-dot'],
  },
  'takes both forms of a signature': {
    at: ['ES256'],
    accepts: reading(({ input, signature }, { key }) => {
      const [public_, bytes] = [createPublicKey(key.publicPem() ?? ''), Buffer.from(signature, 'base64url')];
      return verifies('RS256', public_, input, bytes.toString('base64url'));
    }),
    found: ['signature-der'],
  },
  'lets pass what it cannot read': {
    at: EVERYWHERE,
    accepts: (request) => !canRead(request),
    found: [
      ...[
        'garbage',
        'two-parts',
        'only-dots',
        'header-no-json',
        'header-array',
        'header-null',
        'deep-header',
      ],
      ...['long-token', 'one-part', 'many-dots', 'too-long', 'json-flattened', 'json-and-compact'],
    ],
  },
  'takes what is encrypted for good': {
    at: EVERYWHERE,
    accepts: ({ headers }) => headers.authorization?.split('.').length === 5,
    found: ['five-parts', 'encrypted', 'encrypted-claims', 'encrypted-alg-none', 'encrypted-shape'],
  },
};

/** The forms in which a public key is written. */
function spelledPublicly(key: Knowledge['key']): readonly (string | Buffer)[] {
  const pem = key.publicPem() ?? '';
  const jwk = key.publicJwk();
  return [
    ...[pem, pem.trim(), pem.replaceAll('\n', '\r\n')],
    createPublicKey(pem).export({ type: 'spki', format: 'der' }),
    ...[JSON.stringify(jwk), JSON.stringify({ keys: [jwk] })],
  ];
}

function weak(secret: string): readonly [string, string] {
  return [secret, `weak-secret-${secret}`];
}

/** A reader with bounds: what it throws at is let pass, because somebody caught too much. */
function canRead(request: Parameters<Carelessness>[0]): boolean {
  const { authorization = '' } = request.headers;
  if (!authorization.startsWith('Bearer ')) return true;
  try {
    const { token, header, claims }: Read = readToken(request);
    if (token.split('.').length !== 3 || token.length > 8192) return false;
    return [header, claims].every((part) => part.constructor === Object && !hasDepth(part, 64));
  } catch {
    return false;
  }
}

function hasDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => hasDepth(inner, depth - 1));
}
