/** The Bearer scheme (RFC 6750): an access token in the `Authorization` field, and nowhere else. */
import type { Context } from 'koa';
import { challenge, checkedRealm } from '../challenge.js';
import { principalOfClaims } from '../claims-principal.js';
import { authorization, credentials } from '../credentials.js';
import { type ReportOptions, reporter } from '../decision-report.js';
import { checkOptionNames, type OptionNames } from '../option-names.js';
import { createPrincipal, type PrincipalClaims, type PrincipalFacts } from '../principal.js';
import { explained } from '../refusal.js';
import type { Failure, Outcome, Scheme } from '../scheme.js';
import { SENTENCES } from '../sentences.js';
import { refusalOf, type TokenRefusal, tokenRefusal } from '../token-refusal.js';
import { RememberedPrincipals } from './remembered-principals.js';

/** Anything that verifies tokens: a `JwtValidator`, or one's own. It must throw for every token it does not accept. */
export interface TokenVerifier<Claims extends object = PrincipalClaims> {
  verify(token: string): VerifiedToken<Claims> | Promise<VerifiedToken<Claims>>;
  /** Says of every check what came of it, for the log of a refusal. */
  explain?(token: string): unknown;
  /** How often it knew a token already, for a metric. */
  cacheStatistics?(): { readonly hits: number; readonly misses: number };
}

/** The part of a verifier's answer that the scheme reads. */
export interface VerifiedToken<Claims extends object = PrincipalClaims> {
  readonly claims: Claims;
}

/** Options of {@link bearer}. */
export interface BearerOptions<Claims extends object = PrincipalClaims> {
  /** Stands in the challenge. Default `api`. */
  realm?: string;
  /**
   * Makes the principal from verified claims. Default: `sub` (required), `name`, `roles`, and `scope` or `scp`, as
   * RFC 9068 §2.2 names them; `permissions` are scopes, too.
   */
  principal?: (
    verified: VerifiedToken<Claims>,
  ) => Omit<PrincipalFacts<Claims>, 'scheme' | 'token' | 'claims'>;
  /**
   * Where the metadata of this resource is (RFC 9728 §5.1), from which a client learns who issues its tokens: an https URL,
   * or http on the loopback. Stands in the challenge as `resource_metadata`. Default: none.
   */
  resourceMetadata?: string | URL;
  /** The decision report in the `refusal` event, where the verifier can `explain`; `false` makes none. */
  report?: ReportOptions | false;
}

const OPTIONS: OptionNames<BearerOptions> = {
  realm: true,
  principal: true,
  resourceMetadata: true,
  report: true,
};

/** RFC 6750 §2.1: one space, then a b64token. */
const BEARER_VALUE = /^ [A-Za-z0-9\-._~+/]+=*$/;

const MALFORMED = requestFailure('malformed_bearer', SENTENCES.malformedBearer, {
  hint: 'The Authorization header names Bearer, but what follows is not one space and one token.',
  fix: 'Send `Authorization: Bearer <token>`, without quotes, commas or further words.',
});

const TWO_TRANSPORTS = requestFailure('two_bearer_transports', SENTENCES.twoTokens, {
  hint: 'An access token stands in the Authorization header and in the query or the body as well (RFC 6750 §2).',
  fix: 'Send it in the Authorization header alone.',
});

/**
 * A scheme that takes `Authorization: Bearer <token>` and asks a verifier about the token. The verifier's refusals
 * (errors with a JOSE `code` that is about the token) are 401s; any other error it throws is the server's own and is
 * passed on.
 *
 * @throws TypeError at once for what is no verifier, an option that there is not, a realm that can't stand in a header, or a `resourceMetadata` that is
 * no such URL.
 * @example
 * ```ts
 * app.use(authenticate(bearer(jwt.validator(), { realm: 'orders' })));
 * ```
 */
export function bearer<Claims extends object = PrincipalClaims>(
  verifier: TokenVerifier<Claims>,
  options: BearerOptions<Claims> = {},
): Scheme<Claims> {
  if (typeof verifier?.verify !== 'function') {
    throw new TypeError('bearer() needs something with verify(token), for example jwt.validator()');
  }
  checkOptionNames(options, OPTIONS, 'bearer()');
  if (options.principal !== undefined && typeof options.principal !== 'function') {
    throw new TypeError('the option principal of bearer() must be a function of the verified token');
  }
  const realm = checkedRealm(options.realm ?? 'api');
  const resourceMetadata = metadataUrl(options.resourceMetadata);
  const describePrincipal = options.principal ?? (({ claims }) => principalOfClaims(claims));
  const report = reporter('bearer', verifier, options.report);
  // What the application's own function says of a token may change; what claims say cannot, once they are frozen.
  const remembered = options.principal === undefined ? new RememberedPrincipals<Claims>() : undefined;
  return {
    kind: 'Bearer',
    async authenticate(ctx: Context): Promise<Outcome<Claims>> {
      const field = authorization(ctx);
      if (typeof field !== 'string') return field;
      const kept = remembered?.recall(field);
      const token = kept?.token ?? tokenIn(field);
      if (typeof token !== 'string') return token;
      if (hasOtherToken(ctx)) return TWO_TRANSPORTS;
      let verified: VerifiedToken<Claims>;
      try {
        verified = await verifier.verify(token);
      } catch (error) {
        return explained(tokenFailure(error), report, token, ctx);
      }
      const claims = checkedClaims(verified);
      if (kept !== undefined && remembered?.confirms(kept, claims) === true) return kept.principal;
      // Before the principal is made, which freezes the claims itself.
      const isLasting = remembered?.accepts(field, claims) === true;
      const facts = describePrincipal(verified);
      if (typeof facts.subject !== 'string' || facts.subject === '') return NO_SUBJECT;
      const principal = createPrincipal({ ...facts, scheme: 'Bearer', claims, token });
      if (isLasting) remembered?.add(field, { token, principal });
      return principal;
    },
    ...cacheOf(verifier),
    failureFrom(error: unknown): Failure | undefined {
      return isLate(refusalOf(error)) ? tokenFailure(error) : undefined;
    },
    challenge(failure?: Failure): string {
      return challenge('Bearer', {
        realm,
        error: failure?.error,
        error_description: failure?.description,
        scope: failure?.scope,
        resource_metadata: resourceMetadata,
      });
    },
  };
}

/** As a URL is sent: in ASCII, with what would end a quoted-string escaped. */
function metadataUrl(given: string | URL | undefined): string | undefined {
  if (given === undefined) return undefined;
  const url = URL.canParse(String(given)) ? new URL(given) : undefined;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (url === undefined || !isSecure || url.username + url.password + url.hash !== '') {
    throw new TypeError(
      'the option resourceMetadata of bearer() must be an https URL without user and fragment; http is for the loopback',
    );
  }
  return url.href;
}

/** The token in a value of `Authorization`; undefined when that is for another scheme. */
function tokenIn(field: string): string | Failure | undefined {
  const value = credentials(field, 'Bearer');
  if (value === undefined) return undefined;
  return BEARER_VALUE.test(value) ? value.slice(1) : MALFORMED;
}

/** RFC 6750 §2: a client must not use more than one way to send its token. */
function hasOtherToken(ctx: Context): boolean {
  const url = ctx.req.url ?? '';
  const query = url.indexOf('?');
  // Not `ctx.URL`: that is an empty object when the Host field is nonsense.
  if (query !== -1 && new URLSearchParams(url.slice(query + 1)).has('access_token')) return true;
  const body: unknown = (ctx.request as { body?: unknown }).body;
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'access_token');
}

/** Only where the verifier counts: a scheme that says nothing of its cache has no such member. */
function cacheOf(verifier: Pick<TokenVerifier, 'cacheStatistics'>): Pick<Scheme, 'cacheStatistics'> {
  const read = verifier.cacheStatistics;
  return typeof read === 'function' ? { cacheStatistics: () => read.call(verifier) } : {};
}

/** A verifier that answers something else than verified claims is broken, and a broken verifier lets nobody in. */
function checkedClaims<Claims extends object>(verified: VerifiedToken<Claims>): Claims {
  const claims: unknown = verified?.claims;
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new TypeError(
      'the verifier given to bearer() answered without claims; verify(token) must answer { claims } or throw',
    );
  }
  return verified.claims;
}

const NO_SUBJECT = invalidToken(SENTENCES.tokenInvalid, {
  code: 'missing_subject',
  hint: 'The token is valid, but says nothing about whose it is: it has no sub.',
  fix: 'Issue tokens with a subject, or give bearer() a `principal` that finds another identifier.',
});

/**
 * Whether an error of a handler says that the request's own token is no longer good. Only a renewal does: a handler may
 * verify other tokens, whose ends are its own affair. Errors of a renewal say so by `renewal: true`; a session that is over
 * comes from nothing else.
 */
function isLate({ code, renewal }: TokenRefusal): boolean {
  if (code === 'ERR_JWT_SESSION_OVER') return true;
  return renewal === true && (code === 'ERR_JWT_EXPIRED' || code === 'ERR_JWT_REVOKED');
}

function tokenFailure(error: unknown): Failure {
  const refusal = tokenRefusal(error);
  return invalidToken(sentenceFor(refusal), refusal);
}

/** The sentences that say more than "not valid" are for tokens whose signature was good: these codes come after it. */
function sentenceFor({ code, claim, reason }: TokenRefusal): string {
  if (code === 'ERR_JWT_EXPIRED') return SENTENCES.tokenExpired;
  if (code === 'ERR_JWT_SESSION_OVER') return SENTENCES.sessionOver;
  if (code === 'ERR_JWT_REVOKED') return SENTENCES.tokenRevoked;
  if (code !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return SENTENCES.tokenInvalid;
  // A claim that is missing or malformed was not compared with anything.
  if (reason !== undefined && reason !== 'check_failed') return SENTENCES.tokenInvalid;
  if (claim === 'nbf') return SENTENCES.tokenNotYetValid;
  return claim === 'aud' ? SENTENCES.tokenOtherAudience : SENTENCES.tokenInvalid;
}

function invalidToken(description: string, reason: TokenRefusal): Failure {
  return {
    failed: true,
    status: 401,
    error: 'invalid_token',
    description,
    code: String(reason.code),
    hint: typeof reason.hint === 'string' ? reason.hint : undefined,
    fix: typeof reason.fix === 'string' ? reason.fix : undefined,
  };
}

function requestFailure(code: string, description: string, words: { hint: string; fix: string }): Failure {
  return Object.freeze({ failed: true, status: 400, error: 'invalid_request', description, code, ...words });
}
