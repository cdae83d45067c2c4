/** Accepts or refuses tokens (RFC 7519 §7.2). */
import { beginExamination, type Check, type CheckName, type Examination } from './checks/check.js';
import { CHECKS, firstFault } from './checks/list.js';
import type { Claims, Verified } from './claims.js';
import type { ClaimsSchema } from './claims-schema.js';
import { nowOf } from './clock.js';
import { InvalidOption } from './errors.js';
import { type Explanation, explainToken } from './explain.js';
import type { Finding } from './finding.js';
import { rulesFrom } from './issuers.js';
import type { RefusalCode } from './reasons.js';
import { refusalError, wordsOf } from './refusal.js';
import type { Rules } from './rules.js';
import type { ProtectedHeader } from './token.js';
import type { SeveralIssuersOptions, ValidatorOptions } from './validator-options.js';
import { type CacheStatistics, VerifiedTokens } from './verified-tokens.js';
import type { WhatIf } from './what-if.js';

/** A token that was verified. Its header and claims are frozen. */
export interface VerifiedToken<C extends object = Claims> {
  /** As it was given: of a nested token the encrypted one. */
  readonly token: string;
  /** Of the signed token, also where that was encrypted. */
  readonly header: ProtectedHeader;
  /** With a schema (`claims`): those this package knows by name, and those of the schema. */
  readonly claims: Verified<Claims & C>;
  /** When it ends; undefined for a token without an end. */
  readonly expiresAt: Date | undefined;
}

/** The answer of {@link JwtValidator.safeVerify}. */
export type SafeVerification<C extends object = Claims> =
  | ({ readonly ok: true } & VerifiedToken<C>)
  | {
      readonly ok: false;
      readonly code: RefusalCode;
      readonly claim?: string;
      readonly expected?: string;
      readonly actual?: string;
      readonly hint: string;
      readonly fix: string;
    };

/** Claims of a type of one's own must be checked by a schema: a type argument alone would vouch for what nobody looked at. */
type SchemaFor<C extends object> = Claims extends C ? unknown : { claims: ClaimsSchema<C> };

/** One line of {@link JwtValidator.describe}. */
export interface CheckDescription {
  readonly check: CheckName;
  readonly asks: string;
}

/**
 * Verifies tokens: signature first, then everything else, in the order of one list. Algorithms come from its keys, never
 * from the token.
 *
 * @example
 * ```ts
 * const validator = new JwtValidator({ keys: { hex: secret }, issuer: 'KestrunApi', audience: 'KestrunClients' });
 * const { claims } = await validator.verify(token);
 * ```
 */
export class JwtValidator<C extends object = Claims> {
  readonly #rules: Rules;
  readonly #checks: readonly Check[];
  readonly #checksAgain: readonly Check[];
  readonly #remembered: VerifiedTokens;

  /** @throws InvalidOption, InvalidKey for options that are missing or would accept more than was meant. */
  constructor(options: (ValidatorOptions<C> | SeveralIssuersOptions<C>) & SchemaFor<C>) {
    this.#rules = rulesFrom(options);
    this.#checks = CHECKS.filter((check) => check.asks(this.#rules) !== undefined);
    this.#checksAgain = this.#checks.filter((check) => check.again === true);
    this.#remembered = new VerifiedTokens(this.#rules.cache);
  }

  /**
   * Verifies a token.
   *
   * @throws one of jose's errors, with `hint` and `fix`, for a token that is refused; what `isRevoked` throws.
   */
  async verify(token: string | undefined): Promise<VerifiedToken<C>> {
    const examination = this.#begin(token);
    const fault = this.#examine(examination);
    return this.#conclude(examination, fault instanceof Promise ? await fault : fault);
  }

  /**
   * Verifies a token without waiting.
   *
   * @throws as {@link verify}, and InvalidOption when keys have to be fetched first, `isRevoked` or the schema answers a
   * promise, or the validator decrypts.
   */
  verifySync(token: string | undefined): VerifiedToken<C> {
    // Also for a token that is remembered: whether it throws must not depend on what came before.
    if (this.#rules.decryptWith !== undefined)
      throw new InvalidOption('verifySync', 'cannot wait for decryption', 'Use verify().');
    const examination = this.#begin(token);
    const fault = this.#examine(examination);
    if (fault instanceof Promise) {
      fault.catch(() => undefined);
      throw new InvalidOption(
        'verifySync',
        'cannot wait for an isRevoked that is asynchronous, nor for such a schema, nor for keys that have to be fetched',
        'Use verify().',
      );
    }
    return this.#conclude(examination, fault);
  }

  /**
   * Verifies a token and answers with a value where {@link verify} would throw for the token.
   *
   * @throws what `isRevoked` or a schema throws: that is no word about the token.
   */
  async safeVerify(token: string | undefined): Promise<SafeVerification<C>> {
    const examination = this.#begin(token);
    const fault = await this.#examine(examination);
    if (fault === undefined) return { ok: true, ...this.#conclude(examination, undefined) };
    const { reason, hint, ...facts } = fault;
    return { ok: false, ...facts, ...wordsOf(fault) };
  }

  /** Every check with its outcome; see {@link explain}. @throws as that does. */
  explain(token: unknown, whatIf: WhatIf = {}): Promise<Explanation> {
    return explainToken(token, this.#rules, whatIf);
  }

  /** What is checked, in order, in words. */
  describe(): CheckDescription[] {
    return this.#checks.map((check) => ({ check: check.name, asks: check.asks(this.#rules) ?? '' }));
  }

  /**
   * How often a token was known already, for a metric of the cache: every `verify`, `safeVerify` and `verifySync` is one
   * hit or one miss.
   *
   * @example
   * ```ts
   * const { hits, misses } = validator.cacheStatistics();
   * ```
   */
  cacheStatistics(): CacheStatistics {
    return this.#remembered.statistics;
  }

  #begin(token: unknown): Examination {
    return beginExamination(token, nowOf(this.#rules.clock));
  }

  #examine(examination: Examination): Finding | undefined | Promise<Finding | undefined> {
    const known = this.#remembered.recall(examination);
    return firstFault(known ? this.#checksAgain : this.#checks, examination, this.#rules);
  }

  #conclude(examination: Examination, fault: Finding | undefined): VerifiedToken<C> {
    if (fault !== undefined) throw refusalError(fault);
    const { parsed, claims, key } = examination;
    // Unreachable unless the list of checks loses one; then nothing may pass.
    if (parsed === undefined || claims === undefined || key === undefined)
      throw new Error('a check is missing');
    this.#remembered.remember(examination);
    return {
      token: examination.token as string,
      header: parsed.header,
      claims: claims as Verified<Claims & C>,
      expiresAt: claims.exp === undefined ? undefined : new Date(claims.exp * 1000),
    };
  }
}
