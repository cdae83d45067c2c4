/** A development issuer: a token endpoint (RFC 6749 §4.4), its JWK Set, its metadata (RFC 8414), a protected echo and the token lab. */
import { basic, bearer, type Principal, type UserMap } from '@tokenwright/auth';
import { type Duration, JwtBuilder, type JwtValidator, type Key } from '@tokenwright/jwt';
import { createServer, type RunningServer, type StandardSchema, tokenResponse } from '@tokenwright/server';
import { tokenLab } from '@tokenwright/server/lab';
import { userToken } from './user-token.js';

/** What the issuer is made of. */
export interface IssuerOptions {
  readonly port: number;
  readonly tls: boolean;
  readonly key: Key;
  /** Undefined: the URL it runs at. */
  readonly issuer: string | undefined;
  readonly audience: string;
  readonly validFor: Duration;
  readonly users: UserMap;
}

/** A running issuer. */
export interface RunningIssuer {
  readonly issuer: string;
  readonly running: RunningServer;
}

/** The parameters of a request for a token. */
type TokenParameters = Readonly<Record<string, unknown>>;

/** Starts the issuer on loopback. @throws ListenError when the port cannot be had. */
export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  const { port, tls, users } = options;
  // Its own name has the port in it, which is known only when it listens: nothing asks before.
  let jwt = new JwtBuilder();
  let issuer = '';
  let validator: JwtValidator | undefined;
  const server = createServer('tokenwright serve')
    .logger({ level: 'silent' })
    .listener(tls ? { port, tls: 'self-signed' } : { port })
    .scheme('Basic', basic({ realm: 'tokenwright', users }))
    .scheme('Bearer', bearer({ verify: (token) => required(validator).verify(token) }))
    .jwks({ jwks: () => jwt.jwks() })
    .enable();
  server.get('/token', { auth: 'Basic' }, (ctx) => answer(ctx, jwt, ctx.query));
  server.post('/token', { auth: 'Basic', body: PARAMETERS, bodyTypes: ['form', 'json'] }, (ctx) =>
    answer(ctx, jwt, ctx.state.input.body),
  );
  for (const path of ['openid-configuration', 'oauth-authorization-server']) {
    server.get(`/.well-known/${path}`, { auth: false }, (ctx) => {
      ctx.body = metadata(issuer, running.url, options.key.algorithm);
    });
  }
  server.route(['GET', 'POST'], '/token/renew', { auth: 'Bearer' }, async (ctx) => {
    tokenResponse(ctx, await jwt.renew(ctx.state.auth.token));
  });
  server.route(['GET', 'POST'], '/echo', { auth: 'Bearer' }, (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { method: ctx.method, path: ctx.path, claims: ctx.state.auth.claims };
  });
  tokenLab(server, {
    jwt: { validFor: (duration) => jwt.validFor(duration) },
    validator: {
      explain: (token, whatIf) => required(validator).explain(token, whatIf),
      safeVerify: (token) => required(validator).safeVerify(token),
    },
    paths: { issue: '/token', renew: '/token/renew', use: '/echo' },
    prefill: { user: onlyUser(users) },
  });
  const running = await server.start();
  issuer = options.issuer ?? running.url;
  jwt = jwt.issuer(issuer).audience(options.audience).signWith(options.key).validFor(options.validFor);
  validator = jwt.validator();
  return { issuer, running };
}

function metadata(issuer: string, url: string, algorithm: string): object {
  return {
    issuer,
    jwks_uri: `${url}/.well-known/jwks.json`,
    token_endpoint: `${url}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    id_token_signing_alg_values_supported: [algorithm],
  };
}

/** The context of the token endpoint. */
type TokenContext = Parameters<typeof tokenResponse>[0] & { readonly state: { readonly auth: Principal } };

/** A body of parameters, or none; what they have to be is said in the words of RFC 6749. */
const PARAMETERS: StandardSchema<unknown, TokenParameters> = {
  '~standard': {
    version: 1,
    vendor: 'tokenwright',
    validate: (value) =>
      value === undefined || (typeof value === 'object' && value !== null)
        ? { value: { ...value } }
        : { issues: [{ message: 'is no set of parameters' }] },
  },
};

async function answer(ctx: TokenContext, jwt: JwtBuilder, parameters: TokenParameters): Promise<void> {
  const { grant_type: grant = 'client_credentials', scope } = withValues(parameters);
  const { scopes } = ctx.state.auth;
  if (typeof grant !== 'string' || (scope !== undefined && typeof scope !== 'string')) {
    return refuse(ctx, 'invalid_request');
  }
  if (grant !== 'client_credentials') return refuse(ctx, 'unsupported_grant_type');
  const granted = scope === undefined ? scopes : scope.split(' ');
  if (!granted.every((one) => scopes.includes(one))) return refuse(ctx, 'invalid_scope');
  tokenResponse(ctx, await userToken(jwt, { ...ctx.state.auth, scopes: granted }).build());
}

/** One without a value counts as absent (RFC 6749 §3.2). */
function withValues(parameters: TokenParameters): TokenParameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''));
}

/** RFC 6749 §5.2. */
function refuse(ctx: TokenContext, error: string): void {
  ctx.status = 400;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { error };
}

/** Whom the sign-in form can name, because there is nobody else. A password it never has. */
function onlyUser(users: UserMap): string | undefined {
  return users.size === 1 ? [...users.keys()][0] : undefined;
}

function required(validator: JwtValidator | undefined): JwtValidator {
  if (validator === undefined) throw new Error('the issuer has not started yet');
  return validator;
}
