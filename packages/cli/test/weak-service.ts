/** Services with planted faults: each accepts, beside good tokens, what one kind of carelessness lets through. */
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JwtValidator, Key } from '@tokenwright/jwt';

type Members = Record<string, unknown>;

/** A token as a careless service reads it. */
interface Read {
  readonly token: string;
  readonly header: Members;
  readonly claims: Members;
  readonly signed: string;
  readonly signature: string;
}

/** What a service needs to be careless with. */
export interface Knowledge {
  readonly key: Key;
  readonly validator: JwtValidator;
  readonly issuer: string;
  readonly audience: string;
}

/** Answers true where a careless service accepts. */
type Carelessness = (request: IncomingMessage, knowledge: Knowledge) => boolean | Promise<boolean>;

/** The faults, and the attacks that must find each. */
export const FAULTS: Readonly<Record<string, { accepts: Carelessness; found: readonly string[] }>> = {
  'takes "none"': {
    accepts: reading(({ header }) => String(header['alg']).toLowerCase() === 'none'),
    found: ['alg-none', 'alg-None', 'alg-NONE', 'alg-nOnE', 'alg-none-signed'],
  },
  'does not look at the signature': {
    accepts: reading(({ header }, { key }) => header['alg'] === key.algorithm),
    found: ['signature-missing', 'signature-cut', 'signature-changed', 'signature-zeros', 'payload-changed'],
  },
  'takes the public key for a secret': {
    accepts: reading(({ header, signed, signature }, { key }) => {
      const secret = key.publicPem() ?? '';
      return (
        header['alg'] === 'HS256' &&
        [secret, secret.trim()].includes(madeWith(signed, signature, [secret, secret.trim()]))
      );
    }),
    found: ['public-key-as-secret', 'public-key-as-secret-trimmed'],
  },
  'believes the key in the token': {
    accepts: reading(
      ({ header, token }) => header['jwk'] !== undefined && verifies(header['jwk'] as Members, token),
    ),
    found: ['embedded-jwk'],
  },
  'has a secret that stands in every list': {
    accepts: reading(({ signed, signature }) => madeWith(signed, signature, ['secret']) === 'secret'),
    found: ['weak-secret-secret'],
  },
  'reads the key ID as a path': {
    accepts: reading(({ header, signed, signature }) => {
      const path = String(header['kid']);
      if (!path.startsWith('..')) return false;
      const secret = readFileSync(path.replace(/^(\.\.\/)+/, '/'), 'utf8');
      return madeWith(signed, signature, [secret]) === secret;
    }),
    found: ['kid-path'],
  },
  'checks the signature and nothing else': {
    accepts: reading(({ token }, { key }) => verifies(key.publicJwk() ?? {}, token)),
    found: [
      ...['expired', 'exp-zero', 'exp-true', 'not-yet-valid', 'nbf-object', 'iat-text', 'sub-number'],
      ...['iss-missing', 'iss-other', 'iss-longer', 'iss-slash', 'iss-list'],
      ...['aud-missing', 'aud-other', 'aud-longer', 'aud-empty-list', 'aud-list-of-others'],
    ],
  },
  'compares by the beginning': {
    accepts: reading(
      ({ token, claims }, { key, issuer, audience }) =>
        verifies(key.publicJwk() ?? {}, token) &&
        Number(claims['exp']) > Date.now() / 1000 &&
        String(claims['iss']).startsWith(issuer) &&
        String(claims['aud']).startsWith(audience) &&
        claims['nbf'] === undefined,
    ),
    found: ['iss-longer', 'iss-slash', 'aud-longer'],
  },
  'takes the token from anywhere': {
    accepts: async ({ headers, url = '', rawHeaders }, { validator }) => {
      const places = [...rawHeaders, new URL(url, 'http://x').searchParams.get('access_token') ?? ''];
      const texts = places.flatMap((text) => text.split(/[\s,"]+/));
      for (const text of texts) if ((await validator.safeVerify(text)).ok) return true;
      return headers['x-user'] !== undefined;
    },
    found: [
      ...[
        'basic-scheme',
        'unknown-scheme',
        'bare-token',
        'two-tokens-blank',
        'two-tokens-comma',
        'quoted-token',
      ],
      ...['two-fields-good-first', 'two-fields-good-last', 'query-token', 'forwarded-identity'],
    ],
  },
  'reads base64url loosely': {
    accepts: async ({ headers }, { validator }) => {
      const [h = '', p = '', s = ''] = (headers.authorization ?? '').slice(7).split('.');
      const canonical = Buffer.from(s.replace(/[^\w-]/g, ''), 'base64url').toString('base64url');
      return (await validator.safeVerify(`${h}.${p}.${canonical}`)).ok;
    },
    found: ['four-parts', 'padded', 'unused-bits', 'stray-character'],
  },
  'is open': {
    accepts: () => true,
    found: ['no-token', 'garbage', 'own-key', 'long-token', 'alg-none', 'expired'],
  },
};

/** A service that listens; `at` gives the address of a route with a fault, or of one with an odd answer. */
export interface WeakService {
  readonly at: (route: string) => string;
  readonly close: () => void;
}

/** Starts a service with all the faults, each at a route of its own. */
export async function weakService(knowledge: Knowledge): Promise<WeakService> {
  const server: Server = createServer((request, response) => void respond(request, response, knowledge));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: (route) => `http://127.0.0.1:${port}/${encodeURIComponent(route)}`,
    close: () => server.close(),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  knowledge: Knowledge,
): Promise<void> {
  const route = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname.slice(1));
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const single = request.rawHeaders.filter((name) => name === 'Authorization').length === 1;
  const good = single && (await knowledge.validator.safeVerify(token)).ok;
  if (good || (await FAULTS[route]?.accepts(request, knowledge))) return void response.end('hello');
  const sent = request.headers.authorization?.startsWith('Bearer') ?? false;
  answerBadly(route, response, sent, request.headers.authorization ?? '');
}

/** The refusals, of which some are faults of their own. */
function answerBadly(route: string, response: ServerResponse, sent: boolean, credentials: string): void {
  const challenge = `Bearer realm="weak"${sent ? ', error="invalid_token"' : ''}`;
  switch (route) {
    case 'breaks':
      return void response.writeHead(500).end();
    case 'hangs up':
      return void response.destroy();
    case 'tells nothing':
      return void response.writeHead(401).end();
    case 'repeats':
      return void response.writeHead(401, { 'www-authenticate': challenge }).end(`bad: ${credentials}`);
    case 'shows its stack':
      return void response.writeHead(401, { 'www-authenticate': challenge }).end(new Error('bad').stack);
    case 'throttles':
      return void response.writeHead(429).end();
    case 'redirects':
      return void response.writeHead(302, { location: '/login' }).end();
    default:
      return void response.writeHead(401, { 'www-authenticate': challenge }).end();
  }
}

function reading(accepts: (read: Read, knowledge: Knowledge) => boolean): Carelessness {
  return ({ headers }, knowledge) => {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    try {
      const [h = '', p = '', signature = ''] = token.split('.');
      const header = JSON.parse(Buffer.from(h, 'base64url').toString()) as Members;
      const claims = JSON.parse(Buffer.from(p, 'base64url').toString()) as Members;
      return accepts({ token, header, claims, signed: `${h}.${p}`, signature }, knowledge);
    } catch {
      return false;
    }
  };
}

/** The one of the secrets that a signature was made with, or the empty text. */
function madeWith(signed: string, signature: string, secrets: readonly string[]): string {
  const made = (secret: string) => createHmac('sha256', secret).update(signed).digest('base64url');
  return secrets.find((secret) => made(secret) === signature) ?? 'none of them';
}

function verifies(jwk: Members, token: string): boolean {
  const [h, p, s = ''] = token.split('.');
  const key = createPublicKey({ key: jwk as Record<string, string>, format: 'jwk' });
  const given = Buffer.from(s, 'base64url');
  return verify('sha256', Buffer.from(`${h}.${p}`), { key, dsaEncoding: 'ieee-p1363' }, given);
}
