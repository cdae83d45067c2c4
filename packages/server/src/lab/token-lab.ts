/** The token lab: its page at `GET /`, and what only the server can do for it, because it has the key. */
import type { JwtBuilder, JwtValidator } from '@tokenwright/jwt';
import type { Context } from 'koa';
import { type Duration, milliseconds } from '../duration.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import { refuse } from '../requests/refusals.js';
import type { Server } from '../server.js';
import { breakToken } from './broken-token.js';
import { asksItself } from './local-page.js';
import { labPage } from './page.js';
import { PassedTokens } from './passed-tokens.js';
import { brokenTokenRequest, explanationRequest } from './requests.js';

/** Where the service has what the lab shows. */
export interface LabPaths {
  /** Gives a token for a name and a password (Basic). Default `/token/new`. */
  readonly issue?: string | undefined;
  /** Gives a fresh token for a valid one; `false` where the service renews none. Default `/token/renew`. */
  readonly renew?: string | false | undefined;
  /** Answers whoever brings a valid token. Default `/secure/jwt/hello`. */
  readonly use?: string | undefined;
}

/** What stands in the sign-in form when the page opens. Everybody who reaches the page can read it. */
export interface LabPrefill {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
}

/** Options of {@link tokenLab}. */
export interface TokenLabOptions {
  /** The builder of the service's tokens: the lab makes broken ones with it. */
  readonly jwt: Pick<JwtBuilder, 'validFor'>;
  /** The validator of the protected routes: it explains what it decides. */
  readonly validator: Pick<JwtValidator, 'explain' | 'safeVerify'>;
  readonly paths?: LabPaths | undefined;
  readonly prefill?: LabPrefill | undefined;
  /** The validator's `clockTolerance`, drawn on the bar of a token's lifetime. Default `'60s'`, as the validator's. */
  readonly clockTolerance?: Duration | undefined;
}

const OPTIONS: readonly (keyof TokenLabOptions)[] = [
  'jwt',
  'validator',
  'paths',
  'prefill',
  'clockTolerance',
];
const PATHS = { issue: '/token/new', renew: '/token/renew', use: '/secure/jwt/hello' } as const;
const STRANGER =
  'The token lab answers its own page only, opened on the machine it runs on, without a proxy in between.';
const UNKNOWN = 'Only tokens that this page has received or sent itself are taken.';
const REFUSED = 'Only a valid token can be broken in this way. Sign in for a new one.';

/**
 * Adds the token lab: `GET /` is the page, its files lie below `/lab/`. For development: to show why a token is refused
 * it needs the key, so `POST /lab/explain` and `POST /lab/broken` answer loopback peers under a loopback name only, to
 * the page's own origin only, and for tokens that passed through the page's own requests only. Behind a proxy or in
 * production leave it out.
 *
 * @throws TypeError for an unknown option, a missing builder or validator, a path that is taken, and after `start()`
 * @example
 * ```ts
 * tokenLab(server, { jwt, validator: jwt.validator() });
 * ```
 */
export function tokenLab<Schemes extends object>(server: Server<Schemes>, options: TokenLabOptions): void {
  const { jwt, validator, clockTolerance } = checked(options);
  const passed = new PassedTokens();
  const page = labPage();
  const settings = {
    name: server.name,
    paths: { ...PATHS, ...options.paths },
    prefill: { ...options.prefill },
    clockTolerance,
  };
  server.use((ctx, next) => passed.watch(ctx, next));
  server.get('/', { auth: false }, (ctx) => page.index(ctx));
  server.get('/lab/settings', { auth: false }, (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.body = settings;
  });
  server.get('/lab/:file', { auth: false }, (ctx) => page.file(ctx, String(ctx['params']['file'])));
  server.post('/lab/explain', { auth: false, body: explanationRequest }, async (ctx) => {
    const { token } = ctx.state.input.body;
    if (!mayAsk(ctx, token)) return;
    answer(ctx, await validator.explain(token));
  });
  server.post('/lab/broken', { auth: false, body: brokenTokenRequest }, async (ctx) => {
    const { token, fault } = ctx.state.input.body;
    if (!mayAsk(ctx, token)) return;
    const verified = await validator.safeVerify(token);
    if (!verified.ok) return refuse(ctx, 422, { detail: REFUSED });
    answer(ctx, { token: await breakToken(jwt, verified, fault, clockTolerance) });
  });

  function mayAsk(ctx: Context, token: string | undefined): boolean {
    const allowed = asksItself(ctx) && (token === undefined || passed.has(token));
    if (!allowed) refuse(ctx, 403, { detail: asksItself(ctx) ? UNKNOWN : STRANGER });
    return allowed;
  }
}

function checked(options: TokenLabOptions): TokenLabOptions & { readonly clockTolerance: number } {
  refuseUnknownOptions(options, OPTIONS, 'tokenLab()');
  const { jwt, validator, clockTolerance = '60s' } = options;
  if (typeof jwt?.validFor !== 'function')
    throw new TypeError('tokenLab(): jwt is missing. Give it the JwtBuilder that makes the tokens.');
  if (typeof validator?.explain !== 'function')
    throw new TypeError('tokenLab(): validator is missing. Give it the JwtValidator of the routes.');
  const tolerance = clockTolerance === 0 ? 0 : milliseconds(clockTolerance, 'clockTolerance') / 1000;
  return { ...options, clockTolerance: tolerance };
}

function answer(ctx: Context, body: object): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = body;
}
