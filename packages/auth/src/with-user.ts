/** `withUser`: after a scheme has found out who it is, the application's own user is loaded and adds to the principal. */
import type { Context } from 'koa';
import { copied } from './frozen.js';
import { createPrincipal, type Principal, type PrincipalClaims, type PrincipalFacts } from './principal.js';
import { type Failure, isFailure, type Scheme } from './scheme.js';
import { SENTENCES } from './sentences.js';

/** What a loaded user says. Roles and scopes replace those of the credential; claims are added to its claims. */
export type LoadedUser<Added extends object = PrincipalClaims> = Omit<
  Partial<PrincipalFacts<Added>>,
  'scheme' | 'subject' | 'token'
>;

/** Loads the user behind a principal; undefined when there is none any more, who is then refused. */
export type LoadUser<Claims extends object, Added extends object> = (
  principal: Principal<Claims>,
  ctx: Context,
) => LoadedUser<Added> | undefined | Promise<LoadedUser<Added> | undefined>;

/**
 * A scheme that loads the user of each principal it finds, and adds what that user says. It runs on verified principals
 * only. Its claims are copied, lists and plain objects at any depth, so that the principal is frozen and the user is not; what else
 * is in them, such as an entity of a database, is the same in the principal and is not frozen. Whatever `load` throws is the application's own trouble: a 500, never a 401, with the error as its `cause`.
 *
 * @throws TypeError at once when `load` is no function. At a request, as a 500: an answer that is no object, and an added
 * claim that the credential has already, since one of the two would be lost.
 * @example
 * ```ts
 * const scheme = withUser(bearer(validator), async ({ subject }) => {
 *   const user = await users.byId(subject);
 *   return user && { roles: user.roles, claims: { tenant: user.tenant } };
 * });
 * ```
 */
export function withUser<Claims extends object, Added extends object = Record<never, never>>(
  scheme: Scheme<Claims>,
  load: LoadUser<Claims, Added>,
): Scheme<Claims & Added> {
  if (typeof load !== 'function') throw new TypeError('withUser() needs a function: (principal) => user');
  if (typeof scheme?.authenticate !== 'function') {
    throw new TypeError('withUser() needs a scheme, for example bearer(validator)');
  }
  return {
    kind: scheme.kind,
    openapi: scheme.openapi,
    async authenticate(ctx) {
      const outcome = await scheme.authenticate(ctx);
      if (outcome === undefined || isFailure(outcome)) return outcome;
      const user = await loaded(load, outcome, ctx);
      return user === undefined ? noUser(scheme) : merged(outcome, user);
    },
    challenge: (failure) => scheme.challenge(failure),
    ...(scheme.failureFrom === undefined
      ? {}
      : { failureFrom: (error: unknown) => scheme.failureFrom?.(error) }),
    ...(scheme.cacheStatistics === undefined
      ? {}
      : { cacheStatistics: () => scheme.cacheStatistics?.() ?? { hits: 0, misses: 0 } }),
  };
}

/** An error of a database client may have a `status` of its own, which Koa would answer with. */
async function loaded<Claims extends object, Added extends object>(
  load: LoadUser<Claims, Added>,
  principal: Principal<Claims>,
  ctx: Context,
): Promise<LoadedUser<Added> | undefined> {
  let user: LoadedUser<Added> | undefined;
  try {
    user = await load(principal, ctx);
  } catch (cause) {
    throw new Error('the user of a verified principal could not be loaded', { cause });
  }
  if (user === undefined || user === null) return undefined;
  if (typeof user !== 'object') throw new TypeError('withUser() got neither a user nor undefined');
  return user;
}

function merged<Claims extends object, Added extends object>(
  principal: Principal<Claims>,
  user: LoadedUser<Added>,
): Principal<Claims & Added> {
  for (const name of Object.keys(user.claims ?? {})) {
    if (Object.hasOwn(principal.claims, name)) {
      throw new TypeError('withUser() got a claim that the credential has already; give it another name');
    }
  }
  return createPrincipal<Claims & Added>({
    scheme: principal.scheme,
    subject: principal.subject,
    name: user.name ?? principal.name,
    roles: user.roles ?? principal.roles,
    scopes: user.scopes ?? principal.scopes,
    claims: { ...principal.claims, ...copied(user.claims ?? {}) } as Claims & Added,
    token: principal.token,
  });
}

/** What the scheme says of any other credential that is bad. */
const WORDS: Readonly<Record<string, Pick<Failure, 'error' | 'description'>>> = {
  Bearer: { error: 'invalid_token', description: SENTENCES.tokenInvalid },
  Cookie: { error: 'invalid_credentials', description: SENTENCES.sessionInvalid },
};

function noUser({ kind }: Scheme<object>): Failure {
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined;
  return Object.freeze({
    failed: true,
    status: 401,
    error: words?.error ?? 'invalid_credentials',
    description: words?.description ?? SENTENCES.credentialsInvalid,
    code: 'user_not_found',
    hint: 'The credential is good, but its user could not be found, or is not to be let in.',
    fix: 'Revoke the credential, or restore the user.',
  });
}
