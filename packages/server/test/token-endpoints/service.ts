/** A token service for tests: five clients, a fixed clock, real requests. */
import { createHash } from 'node:crypto';
import { bearer } from '@tokenwright/auth';
import { JwtBuilder, type JwtValidator } from '@tokenwright/jwt';
import type { Logger } from 'pino';
import { onTestFinished } from 'vitest';
import {
  type ClientOptions,
  createServer,
  type TestClient,
  type TestResponse,
  type TokenEndpointsOptions,
  tokenEndpoints,
} from '../../src/index.js';
import { type CapturedLog, capturedLog } from '../captured-log.js';
import { SessionsOfTest } from './sessions-of-test.js';

export const NOW = Date.UTC(2030, 0, 1);
export const ISSUER = 'https://auth.example.com';
export const AUDIENCE = 'https://api.example.com';
export const SECRET = 'a-secret-of-22-characters-or-more';
export const OTHER_SECRET = 'an-other-secret-that-is-long-enough';

const hash = (secret: string) => createHash('sha256').update(secret).digest('hex');

export const CLIENTS = [
  {
    id: 'report',
    secret: SECRET,
    grants: ['client_credentials', 'refresh_token'],
    scopes: ['reports:read', 'reports:write'],
  },
  { id: 'post', secret: SECRET, authentication: 'client_secret_post', grants: ['client_credentials'] },
  { id: 'hashed', secret: { sha256: hash(OTHER_SECRET) }, grants: ['client_credentials'] },
  { id: 'app', authentication: 'none', grants: ['refresh_token'] },
  { id: 'api', secret: OTHER_SECRET, introspection: 'all' },
] as const satisfies readonly ClientOptions[];

/** Issuer, audience, key and clock of the tests. */
export const builder = new JwtBuilder()
  .issuer(ISSUER)
  .audience(AUDIENCE)
  .typ('at+jwt')
  .signWith({ hex: 'ab'.repeat(32) }, 'HS256')
  .clock(() => NOW);

export interface Service {
  readonly client: TestClient;
  readonly log: CapturedLog;
  readonly sessions: SessionsOfTest;
  readonly validator: JwtValidator;
  /** Posts a form as a client; `['report', SECRET]` unless told otherwise, `null` for none. */
  post(
    path: string,
    form: Record<string, string>,
    as?: readonly [string, string] | null,
  ): Promise<TestResponse>;
}

/** A service that is closed when the test ends. Audit events go to `audit`, or to its log. */
export async function service(
  options: Partial<TokenEndpointsOptions> = {},
  audit?: Logger,
): Promise<Service> {
  const log = capturedLog();
  const sessions = new SessionsOfTest(builder, () => NOW);
  const validator = builder.validator({ isRevoked: sessions.isRevoked });
  const logged = createServer('Token service').logger(log.logger);
  const server = (audit === undefined ? logged : logged.audit(audit))
    .scheme('Bearer', bearer(validator))
    .enable();
  tokenEndpoints(server, {
    issuer: ISSUER,
    tokens: builder,
    validator,
    clients: CLIENTS,
    sessions,
    ...options,
  });
  server.get('/reports', { auth: 'Bearer' }, (ctx) => {
    ctx.body = `reports for ${ctx.state.auth.subject}`;
  });
  const client = await server.test();
  onTestFinished(() => client.close());
  return {
    client,
    log,
    sessions,
    validator,
    post: (path, form, as = ['report', SECRET]) =>
      client.post(path, { form, ...(as === null ? {} : { headers: clientBasic(...as) }) }),
  };
}

/** RFC 6749 §2.3.1: both are form-encoded before they are joined. */
export function clientBasic(id: string, secret: string): { authorization: string } {
  const encoded = [id, secret].map((part) => new URLSearchParams([['', part]]).toString().slice(1)).join(':');
  return { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` };
}

/** The access token of an answer. */
export function accessToken(answer: TestResponse): string {
  return (answer.json as { access_token: string }).access_token;
}
