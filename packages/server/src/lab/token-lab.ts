/** The token lab: its page at `GET /`, and what only the server can do for it, because it has the key. */
import type { JwtBuilder, JwtValidator, RenewalOptions } from '@tokenwright/jwt';
import type { Context } from 'koa';
import type { Duration } from '../duration.js';
import { refuseUnknownOptions } from '../nearest-name.js';
import { refuse } from '../requests/refusals.js';
import type { Server } from '../server.js';
import { breakToken, type Fault, type Limits } from './broken-token.js';
import { asksItself } from './local-page.js';
import { labPage } from './page.js';
import { PassedTokens } from './passed-tokens.js';
import { brokenTokenRequest, explanationRequest } from './requests.js';
import { serviceLimits } from './service-limits.js';

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
  readonly validator: Pick<JwtValidator, 'explain' | 'safeVerify'> & Partial<Pick<JwtValidator, 'describe'>>;
  readonly paths?: LabPaths | undefined;
  readonly prefill?: LabPrefill | undefined;
  /**
   * The validator's `clockTolerance`, drawn on the bar of a token's lifetime. Default: what the validator's `describe()`
   * says; `'60s'` where it has none.
   */
  readonly clockTolerance?: Duration | undefined;
  /** The `maxSession` that the route of renewal gives to `renew()`. Default `'12h'`, as there. */
  readonly maxSession?: RenewalOptions['maxSession'] | undefined;
}

const OPTIONS: readonly (keyof TokenLabOptions)[] = [
  'jwt',
  'validator',
  'paths',
  'prefill',
  'clockTolerance',
  'maxSession',
];
const PATHS = { issue: '/token/new', renew: '/token/renew', use: '/secure/jwt/hello' } as const;
const STRANGER =
  'The token lab answers its own page only, opened on the machine it runs on, without a proxy in between.';
const UNKNOWN = 'Only tokens that this page has received or sent itself are taken.';
const REFUSED = 'Only a valid token can be broken in this way. Sign in for a new one.';
/** Why a token with a fault is not given: the service would take it. */
const ACCEPTED: Readonly<Record<Fault, string>> = {
  expired:
    'Its validator tolerates more than the lab knows of. Give tokenLab() the same clockTolerance as the validator.',
  'another key': 'Its validator does not look at who signed a token. Give it the keys that may.',
  'another audience':
    'Its validator has audience: null, so no audience is checked. Name the audience that tokens must be for.',
  'session over':
    'Its sessions last longer than the lab knows of. Give tokenLab() the same maxSession as renew().',
};

/**
 * Adds the token lab: `GET /` is the page, its files lie below `/lab/`. For development: to show why a token is refused
 * it needs the key, so `POST /lab/explain` and `POST /lab/broken` answer loopback peers under a loopback name only, to
 * the page's own origin only, and for tokens that passed through the page's own requests only. A broken token that the
 * validator would accept is not given. Behind a proxy or in production leave it out.
 *
 * @throws TypeError for an unknown option, a missing builder or validator, a path that is taken, and after `start()`
 * @example
 * ```ts
 * tokenLab(server, { jwt, validator: jwt.validator() });
 * ```
 */
export function tokenLab<Schemes extends object>(server: Server<Schemes>, options: TokenLabOptions): void {
  const { jwt, validator, limits } = checked(options);
  const { clockTolerance, maxSession } = limits;
  const renewal = { maxSession };
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
    const { token, renewed, expects } = ctx.state.input.body;
    if (!mayAsk(ctx, token)) return;
    answer(ctx, await validator.explain(token, { ...(renewed && { renewal }), ...(expects && { expects }) }));
  });
  server.post('/lab/broken', { auth: false, body: brokenTokenRequest }, async (ctx) => {
    const { token, fault } = ctx.state.input.body;
    if (!mayAsk(ctx, token)) return;
    const verified = await validator.safeVerify(token);
    if (!verified.ok) return refuse(ctx, 422, { detail: REFUSED });
    const broken = await breakToken(jwt, verified, fault, limits);
    if (await isAccepted(broken, fault))
      return refuse(ctx, 422, { detail: `The service would accept this token. ${ACCEPTED[fault]}` });
    answer(ctx, { token: broken });
  });

  /** Of a token whose session is over the renewal is asked about: it is valid as long as the one it was made from. */
  async function isAccepted(token: string, fault: Fault): Promise<boolean> {
    if (fault === 'session over') return (await validator.explain(token, { renewal })).accepted;
    return (await validator.safeVerify(token)).ok;
  }

  function mayAsk(ctx: Context, token: string | undefined): boolean {
    const allowed = asksItself(ctx) && (token === undefined || passed.has(token));
    if (!allowed) refuse(ctx, 403, { detail: asksItself(ctx) ? UNKNOWN : STRANGER });
    return allowed;
  }
}

function checked(options: TokenLabOptions): TokenLabOptions & { readonly limits: Limits } {
  refuseUnknownOptions(options, OPTIONS, 'tokenLab()');
  const { jwt, validator } = options;
  if (typeof jwt?.validFor !== 'function')
    throw new TypeError('tokenLab(): jwt is missing. Give it the JwtBuilder that makes the tokens.');
  if (typeof validator?.explain !== 'function')
    throw new TypeError('tokenLab(): validator is missing. Give it the JwtValidator of the routes.');
  return { ...options, limits: serviceLimits(validator, options) };
}

function answer(ctx: Context, body: object): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.body = body;
}
