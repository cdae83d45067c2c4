/** `authorize`: may they? Koa middleware that holds the principal of `authenticate` against a policy. */
import type { Context, ExtendableContext, Next } from 'koa';
import { audit } from './audit.js';
import { type AuthState, authenticationOf } from './authenticate.js';
import { isPolicy, type Policy, verdictOf } from './policies.js';
import { refuse } from './refusal.js';
import type { Failure } from './scheme.js';
import { SENTENCES } from './sentences.js';
import { thrown } from './thrown.js';

/**
 * The middleware of {@link authorize}. It says nothing of `ctx.state`, and `authorize` has no type parameter, so that on
 * a route the state's type is inferred from the `authenticate` in front of it.
 */
export type Authorize = (ctx: ExtendableContext, next: Next) => Promise<unknown>;

/**
 * Middleware that lets a request pass when its principal satisfies the policy, and else answers 403 with
 * `insufficient_scope` (RFC 6750 §3.1). Which part of the policy failed goes to the log only. Where authentication was
 * optional and nobody is known, the answer is 401.
 *
 * @throws TypeError at once for what is no policy. A request that no `authenticate` has seen is an error (500).
 * @example
 * ```ts
 * router.get('/admin', authenticate(bearer(validator)), authorize(hasRole('admin')), (ctx) => { ctx.body = 'hi'; });
 * ```
 */
export function authorize(policy: Policy<object>): Authorize {
  if (!isPolicy(policy)) throw new TypeError("authorize() takes a policy, for example hasRole('admin')");
  return async (extendable, next) => {
    const ctx = extendable as Context & { state: Partial<AuthState<object>> };
    const authentication = authenticationOf(ctx);
    if (authentication === undefined) {
      throw new Error(
        'authorize() ran before authenticate(): put authenticate(…) in front of it on this route',
      );
    }
    const { scheme, schemes, onRefusal } = authentication;
    const principal = ctx.state.auth;
    if (scheme === undefined || principal === undefined) {
      return refuse(ctx, { schemes, onRefusal, action: 'authorize' });
    }
    const who = { action: 'authorize', scheme: scheme.kind, subject: principal.subject } as const;
    const verdict = await verdictOf(policy, principal).catch((error: unknown) => {
      audit(ctx, { ...who, outcome: 'failed' });
      throw thrown(error, `the policy "${policy.describe()}"`);
    });
    if (verdict.allowed === true) {
      audit(ctx, { ...who, outcome: 'granted' });
      return next();
    }
    const failure: Failure = {
      failed: true,
      status: 403,
      error: 'insufficient_scope',
      description: SENTENCES.forbidden,
      code: 'policy',
      hint: `The policy is: ${policy.describe()}. What failed: ${verdict.because}.`,
      fix: 'Give the subject what the policy asks for, then issue a new token.',
      scope: verdict.scope,
    };
    return refuse(ctx, {
      schemes: [scheme],
      failed: { scheme, failure },
      principal,
      onRefusal,
      action: 'authorize',
    });
  };
}
