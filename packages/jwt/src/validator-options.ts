/** What a validator can be asked for. */
import type { Claims, Verified } from './claims.js';
import type { ClaimsSchema } from './claims-schema.js';
import type { Clock } from './clock.js';
import type { Duration } from './duration.js';
import type { EncryptionKeySource } from './encryption/sources.js';
import type { KeySet } from './keys/key-set.js';
import type { KeySource } from './keys/sources.js';

/** What a validator of one issuer, or of issuers that share their keys, asks for. Nothing is accepted by default. */
export interface ValidatorOptions<C extends object = Claims> extends TokenOptions<C> {
  /** The keys that may have signed, each with its own algorithm only; or a `KeyRing`, or a remote JWK Set. */
  keys: KeySource | readonly [KeySource, ...KeySource[]] | KeySet;
  /** The accepted issuers, compared exactly (RFC 7519 §4.1.1). `null` says aloud that any issuer will do. */
  issuer: string | readonly [string, ...string[]] | null;
  /** The accepted audiences; a token needs one of them (RFC 7519 §4.1.3). `null` says aloud that any audience will do. */
  audience: string | readonly [string, ...string[]] | null;
  issuers?: never;
}

/** What a validator of several issuers, each with keys of its own (RFC 8725 §3.8), asks for. */
export interface SeveralIssuersOptions<C extends object = Claims> extends TokenOptions<C> {
  /** The issuers. The `iss` of a token chooses among them which keys are tried, and nothing else, until one of those has signed. */
  issuers: readonly [IssuerOptions, ...IssuerOptions[]];
  keys?: never;
  issuer?: never;
  audience?: never;
}

/** One of several issuers. */
export interface IssuerOptions {
  /** Compared exactly (RFC 7519 §4.1.1). */
  issuer: string;
  /** The keys that this issuer signs with; those of the others do not count for its tokens. */
  keys: ValidatorOptions['keys'];
  /** The audiences accepted from this issuer. `null` says aloud that any audience will do. */
  audience: ValidatorOptions['audience'];
}

/** What is asked of every token, whoever issued it. */
export interface TokenOptions<C extends object = Claims> {
  /**
   * The keys that decrypt. With them only nested tokens are accepted, signed and then encrypted (RFC 7519 §5.2): the
   * encryption says nothing about who sent a token, so the signature is asked for all the same. Default: none, and
   * encrypted tokens are refused.
   */
  decryptWith?: EncryptionKeySource | readonly [EncryptionKeySource, ...EncryptionKeySource[]];
  /** The one accepted `typ` (RFC 8725 §3.11), without regard to case; `application/` may be left out. `null`, and the default of `new JwtValidator`: not checked. */
  typ?: string | null;
  /** How far clocks may differ. Seconds or '1m'; default 60. */
  clockTolerance?: Duration;
  /** The greatest age since `iat`, seconds or '8h'; a token without `iat` is then refused. Default: not checked. */
  maxAge?: Duration;
  /**
   * The longest lifetime, from `iat` to `exp`, whatever the issuer thought of: seconds or '1h'; a token without `iat` is
   * then refused. Default: not checked.
   */
  maxLifetime?: Duration;
  /** Claims that must be there. `exp` must be in any case, but for {@link acceptNeverExpiring}. */
  requiredClaims?: readonly string[];
  /**
   * A Standard Schema (of Zod, Valibot, ArkType and others) that the claims must satisfy; it gives them their type. It
   * decides and changes nothing: verified claims stay what the token holds, so their type is what the schema takes in, and
   * defaults and transformations have no effect. An asynchronous one takes `verify`; what it throws is thrown on.
   */
  claims?: ClaimsSchema<C>;
  /** Accepts tokens without `exp`. Default false. */
  acceptNeverExpiring?: boolean;
  /** Says of a valid token whether it was taken back. Anything but `false` refuses; what it throws is thrown on. */
  isRevoked?: (claims: Verified) => boolean | Promise<boolean>;
  /**
   * How long the promise of `isRevoked` is waited for; then the token is refused with `ERR_REVOCATION_TIMEOUT` (status 503).
   * Seconds or '1m', at most a minute; default 5.
   */
  revocationTimeout?: Duration;
  /** The longest accepted token, in characters. Default 16,384. */
  maxTokenLength?: number;
  /** How many verified tokens are remembered, so that their signature need not be computed again; `false` is none. Default 1,000. */
  cache?: number | false;
  /** The time. Default `Date.now`. */
  clock?: Clock;
}

/** The longest token that is accepted, and built, unless told otherwise: 16,384 characters, as much as Node.js reads of all fields of a request. */
export const MAX_TOKEN_LENGTH = 16_384;

/** The names in {@link TokenOptions}. */
export const TOKEN_OPTIONS: Readonly<Record<keyof TokenOptions, true>> = {
  decryptWith: true,
  typ: true,
  clockTolerance: true,
  maxAge: true,
  maxLifetime: true,
  requiredClaims: true,
  claims: true,
  acceptNeverExpiring: true,
  isRevoked: true,
  revocationTimeout: true,
  maxTokenLength: true,
  cache: true,
  clock: true,
};
