/** `authenticate`: who is it? Koa middleware that puts a principal on `ctx.state.auth` or refuses the request. */
import type { Context, Middleware } from 'koa';
import { audit } from './audit.js';
import { checkOptionNames, type OptionNames } from './option-names.js';
import type { Principal, PrincipalClaims } from './principal.js';
import { type OnRefusal, refuse } from './refusal.js';
import { isFailure, type Outcome, type Scheme } from './scheme.js';
import { thrownByScheme } from './thrown.js';

/** The state behind {@link authenticate}. */
export interface AuthState<Claims extends object = PrincipalClaims> {
  auth: Principal<Claims>;
}

/** The state behind {@link authenticate} with `optional`. */
export interface OptionalAuthState<Claims extends object = PrincipalClaims> {
  auth: Principal<Claims> | undefined;
}

/** Options of {@link authenticate}. */
export interface AuthenticateOptions {
  /** Lets a request without any credentials pass, with `ctx.state.auth` undefined. Bad ones are refused all the same. Default false. */
  optional?: boolean;
  /** Answers a refusal in the application's own format. */
  onRefusal?: OnRefusal;
}

const OPTIONS: OptionNames<AuthenticateOptions> = {
  optional: true,
  onRefusal: true,
};

/** One scheme, or several to be tried in this order. */
export type Schemes<Claims extends object> = Scheme<Claims> | readonly [Scheme<Claims>, ...Scheme<Claims>[]];

/** What `authorize` has to know of the `authenticate` before it; not visible to handlers. */
export interface Authentication {
  readonly scheme: Scheme<object> | undefined;
  readonly schemes: readonly Scheme<object>[];
  readonly onRefusal: OnRefusal | undefined;
}

/** A member of the context and no WeakMap: a key that dies with each request makes the garbage collector slow. */
const AUTHENTICATION = Symbol('authentication');

interface Authenticated {
  [AUTHENTICATION]?: Authentication;
}

/** How this request was authenticated; undefined when no `authenticate` ran. */
export function authenticationOf(ctx: Context): Authentication | undefined {
  return (ctx as Authenticated)[AUTHENTICATION];
}

/**
 * Middleware that authenticates every request. The schemes are tried in the order given; the first that finds a
 * credential of its kind decides, so that one that is present and bad is never covered by another. No credential at
 * all is a 401 with every scheme's challenge (RFC 9110 §15.5.2).
 *
 * @throws TypeError at once for no scheme or what is none, and for an option that there is not.
 * @example
 * ```ts
 * app.use(authenticate(bearer(validator)));
 * app.use((ctx) => { ctx.body = `Hello ${ctx.state.auth.name}`; });
 * ```
 */
export function authenticate<Claims extends object = PrincipalClaims>(
  schemes: Schemes<Claims>,
  options: AuthenticateOptions & { optional: true },
): Middleware<OptionalAuthState<Claims>>;
export function authenticate<Claims extends object = PrincipalClaims>(
  schemes: Schemes<Claims>,
  options?: AuthenticateOptions & { optional?: false },
): Middleware<AuthState<Claims>>;
export function authenticate(
  schemes: Schemes<object>,
  options: AuthenticateOptions = {},
): Middleware<OptionalAuthState<object>> {
  checkOptionNames(options, OPTIONS, 'authenticate()');
  const { optional = false, onRefusal } = options;
  const list = checkedSchemes(schemes);
  if (onRefusal !== undefined && typeof onRefusal !== 'function') {
    throw new TypeError('onRefusal must be a function: (ctx, refusal) => …');
  }
  // A cache may give what it has stored for nobody to whoever comes with credentials, and the other way round.
  const varies = optional && list.some(({ kind }) => !OWN_FIELDS.has(kind));
  const authentications = list.map((scheme) => Object.freeze({ scheme, schemes: list, onRefusal }));
  return async (ctx, next) => {
    if (varies) ctx.vary('Authorization');
    for (const authentication of authentications) {
      const { scheme } = authentication;
      let outcome: Outcome<object>;
      try {
        outcome = await scheme.authenticate(ctx);
      } catch (error) {
        audit(ctx, { action: 'authenticate', outcome: 'failed', scheme: scheme.kind });
        throw thrownByScheme(error, scheme.kind);
      }
      if (outcome === undefined) continue;
      if (isFailure(outcome)) {
        return refuse(ctx, { schemes: list, failed: { scheme, failure: outcome }, onRefusal });
      }
      (ctx as Authenticated)[AUTHENTICATION] = authentication;
      ctx.state.auth = outcome;
      audit(ctx, {
        action: 'authenticate',
        outcome: 'granted',
        scheme: scheme.kind,
        subject: outcome.subject,
      });
      try {
        return await next();
      } catch (error) {
        const failure = scheme.failureFrom?.(error);
        if (failure === undefined) throw error;
        return refuse(ctx, { schemes: list, failed: { scheme, failure }, principal: outcome, onRefusal });
      }
    }
    if (!optional) return refuse(ctx, { schemes: list, onRefusal });
    (ctx as Authenticated)[AUTHENTICATION] = { scheme: undefined, schemes: list, onRefusal };
    ctx.state.auth = undefined;
    return next();
  };
}

/** Schemes that read other fields than `Authorization`, and say so themselves. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['ApiKey', 'Cookie', 'ClientCertificate']);

function checkedSchemes(schemes: Schemes<object>): readonly Scheme<object>[] {
  const list = Array.isArray(schemes)
    ? [...(schemes as readonly Scheme<object>[])]
    : [schemes as Scheme<object>];
  if (list.length === 0)
    throw new TypeError('authenticate() needs at least one scheme, for example bearer(validator)');
  for (const scheme of list) {
    if (typeof scheme?.authenticate !== 'function' || typeof scheme.challenge !== 'function') {
      throw new TypeError(
        'authenticate() takes schemes, for example bearer(validator) or basic({ … }); what it got has no authenticate() and challenge()',
      );
    }
  }
  return Object.freeze(list);
}
