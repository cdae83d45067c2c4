/** Builds signed tokens (RFC 7519 §7.1). Immutable: two requests can share a builder and never see each other's claims. */
import type { SignatureAlgorithmName } from './algorithms.js';
import { DEFAULT_LIFETIME, DEFAULTS, type Settings } from './builder-settings.js';
import { checkedClaim, checkedClaims, type Verified } from './claims.js';
import type { ClaimsSchema } from './claims-schema.js';
import { type Clock, clockOf, nowOf } from './clock.js';
import { type Duration, numericDate, seconds } from './duration.js';
import { ASKED_ALGORITHMS, importEncryptionKey } from './encryption/import.js';
import type { EncryptionKey } from './encryption/key.js';
import type { EncryptionFacts, EncryptionKeySource } from './encryption/sources.js';
import { InvalidOption } from './errors.js';
import { checkedParameter } from './header-parameters.js';
import { claimsAt, type EncodedClaims, lastingClaims } from './issued-claims.js';
import { encryptedToken, type IssuedToken, signedToken } from './issued-token.js';
import type { PublicJwks } from './keys/jwks.js';
import type { KeyRing } from './keys/key-ring.js';
import type { KeySource } from './keys/sources.js';
import { checkLifetime, endBeforeBeginning, endWithin, lifetime } from './lifetime.js';
import { checkOptionNames } from './option-names.js';
import { positive, wholeNumber } from './option-values.js';
import { refusalError } from './refusal.js';
import {
  checkRenewalOptions,
  markedAsRenewal,
  type RenewalOptions,
  renewedClaims,
  strangerFault,
  type Verifier,
  vouchedFor,
} from './renewal.js';
import { type Signing, signingFrom } from './signing.js';
import { JwtValidator } from './validator.js';
import type { ValidatorOptions } from './validator-options.js';

/**
 * Builds tokens. Every call answers a new builder and leaves the one it was called on as it was. Defaults: valid for an
 * hour, `iat`, `auth_time` and a random `jti` always, `nbf` only when asked for, `typ: JWT`.
 *
 * @example
 * ```ts
 * const jwt = new JwtBuilder().issuer('KestrunApi').audience('KestrunClients').signWith({ hex: secret }, 'HS256');
 * const { token } = await jwt.subject('admin').name('admin').roles('admin').build();
 * ```
 */
export class JwtBuilder {
  readonly #settings: Settings;
  #validator: JwtValidator | undefined;
  #lasting: EncodedClaims | undefined;

  constructor();
  /** @internal */
  constructor(settings: Settings);
  constructor(settings: Settings = DEFAULTS) {
    this.#settings = settings;
  }

  /** Sets `iss` (RFC 7519 §4.1.1). @throws InvalidOption for an empty one. */
  issuer(issuer: string): JwtBuilder {
    return this.#with({ issuer: text(issuer, 'issuer') });
  }

  /** Sets `aud` (RFC 7519 §4.1.3), replacing what was set; more than one becomes a list. @throws InvalidOption for an empty one. */
  audience(first: string, ...more: string[]): JwtBuilder {
    const audiences = texts([first, ...more], 'audience');
    return this.#with({ audience: more.length === 0 ? first : Object.freeze(audiences) });
  }

  /** Sets `sub` (RFC 7519 §4.1.2). @throws InvalidOption for an empty one. */
  subject(subject: string): JwtBuilder {
    return this.#with({ subject: text(subject, 'subject') });
  }

  /** Sets `name`. @throws InvalidOption for an empty one. */
  name(name: string): JwtBuilder {
    return this.#withClaim('name', text(name, 'name'));
  }

  /** Sets `roles` (RFC 9068 §2.2.3.1), replacing what was set; without any, takes it away. @throws InvalidOption for an empty one. */
  roles(...roles: string[]): JwtBuilder {
    return roles.length === 0
      ? this.#withoutClaim('roles')
      : this.#withClaim('roles', Object.freeze(texts(roles, 'roles')));
  }

  /** Sets `scope` (RFC 8693 §4.2), replacing what was set; without any, takes it away. @throws InvalidOption for one that is empty or has a blank. */
  scopes(...scopes: string[]): JwtBuilder {
    for (const scope of texts(scopes, 'scopes')) {
      if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)) {
        throw new InvalidOption(
          'scopes',
          'has a scope with a character that RFC 6749 §3.3 does not allow',
          'Give each scope as an argument of its own.',
        );
      }
    }
    return scopes.length === 0 ? this.#withoutClaim('scope') : this.#withClaim('scope', scopes.join(' '));
  }

  /**
   * Sets a claim of one's own.
   *
   * @throws InvalidOption for a claim that has a call of its own, a `roles`, `scope`, `name`, `client_id` or `auth_time` that is
   * not in its form, or a value that JSON does not have.
   */
  claim(name: string, value: unknown): JwtBuilder {
    return this.#withClaim(name, checkedClaim(name, value));
  }

  /** Sets several claims of one's own; see {@link claim}. @throws InvalidOption also for what is no plain object. */
  claims(claims: Readonly<Record<string, unknown>>): JwtBuilder {
    return this.#with({ own: Object.freeze({ ...this.#settings.own, ...checkedClaims(claims) }) });
  }

  /** Sets a header parameter of one's own. @throws InvalidOption for those that the builder or no one may set. */
  protectedHeader(name: string, value: unknown): JwtBuilder {
    const checked = checkedParameter(text(name, 'protectedHeader'), value);
    const header = Object.freeze({ ...this.#settings.header, [name]: checked });
    return this.#withHeader({ header });
  }

  /** Sets `typ` (RFC 8725 §3.11). Default `JWT`. */
  typ(typ: string): JwtBuilder {
    return this.#withHeader({ typ: text(typ, 'typ') });
  }

  /** Sets `jti` (RFC 7519 §4.1.7) of the next token. Default: 128 random bits as base64url, new for every token. */
  jwtId(jwtId: string): JwtBuilder {
    return this.#with({ jwtId: text(jwtId, 'jwtId') });
  }

  /** Sets `nbf` (RFC 7519 §4.1.5): a Date, or seconds since 1970. */
  notBefore(notBefore: Date | number): JwtBuilder {
    return this.#with({ notBefore: numericDate(notBefore, 'notBefore') });
  }

  /** Sets the lifetime: seconds, or '15m', '1h', '7d'. @throws InvalidOption for zero or a number without sense. */
  validFor(duration: Duration): JwtBuilder {
    return this.#with({ end: endWithin({ after: lifetime(duration) }, this.#settings.maxLifetime) });
  }

  /** Sets `exp` (RFC 7519 §4.1.4) to a point in time: a Date, or seconds since 1970. */
  expiresAt(at: Date | number): JwtBuilder {
    return this.#with({ end: Object.freeze({ at: numericDate(at, 'expiresAt') }) });
  }

  /** Says aloud that tokens get no `exp`. They can only be taken back by changing the key or by revocation. */
  neverExpires(): JwtBuilder {
    return this.#with({ end: endWithin('never', this.#settings.maxLifetime) });
  }

  /**
   * Sets the key, or the ring whose current key signs each token as it is built. The algorithm is the one named, else the
   * key's own, else the default of its type.
   *
   * @throws InvalidKey for a key that is too small, cannot sign, or does not go with the algorithm.
   */
  signWith(ring: KeyRing): JwtBuilder;
  signWith(source: KeySource, algorithm?: SignatureAlgorithmName): JwtBuilder;
  signWith(source: KeySource | KeyRing, algorithm?: SignatureAlgorithmName): JwtBuilder {
    return this.#with({ signing: signingFrom(source, algorithm, this.#settings) });
  }

  /**
   * Sets the key that tokens are encrypted for, after they were signed (RFC 7519 §5.2). Give the recipient's public key,
   * or a shared secret; a private key or a secret also lets {@link validator} and {@link renew} read the tokens.
   *
   * @throws InvalidKey for a key that does not go with the algorithms; InvalidOption for one that may not encrypt, or a name
   * in `algorithms` that there is not.
   * @example
   * ```ts
   * const jwt = new JwtBuilder().signWith({ pem: signingPem }).encryptWith({ pem: recipientPem }, { alg: 'RSA-OAEP-256' });
   * ```
   */
  encryptWith(
    source: EncryptionKeySource,
    algorithms: Pick<EncryptionFacts, 'alg' | 'enc' | 'iterations'> = {},
  ): JwtBuilder {
    checkOptionNames(algorithms, ASKED_ALGORITHMS, 'encryptWith()');
    const encryption = importEncryptionKey(source, algorithms);
    if (!encryption.canEncrypt) {
      throw new InvalidOption('encryptWith', 'got a key whose key_ops do not allow it', 'Use another key.');
    }
    return this.#with({ encryption });
  }

  /**
   * Sets the longest lifetime that a token of this builder gets, however it is asked for, also by a renewal: seconds, or
   * '1h'. A shorter one than the default hour takes its place. {@link validator} then refuses longer ones. Default: none.
   *
   * @throws InvalidOption for less than a second, or when the lifetime that was set is longer, or endless.
   */
  maxLifetime(duration: Duration): JwtBuilder {
    const maxLifetime = positive(Math.floor(seconds(duration, 'maxLifetime')), 'maxLifetime');
    const { end } = this.#settings;
    const isDefault = end === DEFAULTS.end && maxLifetime < DEFAULT_LIFETIME;
    return this.#with({ maxLifetime, end: endWithin(isDefault ? { after: maxLifetime } : end, maxLifetime) });
  }

  /**
   * Sets how long a token may become, in characters; a longer one is refused before it is handed out. Default 16,384, as
   * long as validators accept. @throws InvalidOption for what is no whole number of 1 or more.
   */
  maxTokenLength(characters: number): JwtBuilder {
    return this.#with({ maxTokenLength: wholeNumber(characters, 'maxTokenLength', 1) });
  }

  /** Sets the clock. Default `Date.now`. */
  clock(clock: Clock): JwtBuilder {
    return this.#with({ clock: clockOf(clock) });
  }

  /** An equal builder. Builders do not change, so it is never needed; it is here for those who know Copy-KrJWTTokenBuilder. */
  copy(): JwtBuilder {
    return new JwtBuilder(this.#settings);
  }

  /**
   * Builds and signs a token, and encrypts it after {@link encryptWith}.
   *
   * @throws InvalidOption without a key, or when the token would end before it begins or be longer than is accepted.
   */
  async build(): Promise<IssuedToken> {
    return encryptedToken(this.#buildSigned(), this.#settings);
  }

  /** {@link build}, without a promise. @throws InvalidOption also after {@link encryptWith}: encryption takes one. */
  buildSync(): IssuedToken {
    if (this.#settings.encryption !== undefined) {
      throw new InvalidOption('buildSync', 'cannot wait for the encryption', 'Use build().');
    }
    return this.#buildSigned();
  }

  /**
   * A validator of this builder's tokens: its key (the verifying side), issuer, audience, `typ`, clock and bounds,
   * and any option of {@link JwtValidator} beside or instead. After {@link encryptWith} it decrypts, too; where that was a public key,
   * `decryptWith` must be given.
   *
   * @throws InvalidOption when issuer or audience is neither set nor given; `null` says aloud that it is not checked.
   */
  validator<C extends object>(
    options: Partial<ValidatorOptions<C>> & { claims: ClaimsSchema<C> },
  ): JwtValidator<C>;
  validator(options?: Partial<ValidatorOptions>): JwtValidator;
  validator(options: Partial<ValidatorOptions<object>> = {}): JwtValidator<object> {
    const { issuer, audience, typ, clock, maxTokenLength, maxLifetime, end, encryption } = this.#settings;
    return new JwtValidator<object>({
      keys: this.#signing().verifyingSide,
      issuer: issuer as string,
      audience: audience as string,
      typ,
      clock,
      maxTokenLength,
      ...(maxLifetime === undefined ? {} : { maxLifetime }),
      acceptNeverExpiring: end === 'never',
      ...given(options),
      ...(encryption === undefined || options.decryptWith !== undefined
        ? {}
        : { decryptWith: readable(encryption) }),
    });
  }

  /**
   * Verifies a token and issues it again with new times and another `jti`. Subject, name, roles, scopes, audience and own
   * claims stay as they are. Its end is never later than `auth_time` and `maxSession`. This builder's own validator decides,
   * or the one given as `validator`.
   *
   * @throws what {@link JwtValidator.verify} throws, JWTSessionOver when the session has lasted its whole time, and InvalidOption
   * for a `validator` that answers without claims.
   */
  async renew(token: string | undefined, options: RenewalOptions = {}): Promise<IssuedToken> {
    checkRenewalOptions(options);
    const { claims } = await this.#verifiedForRenewal(token, options.validator);
    const now = nowOf(this.#settings.clock);
    const validFor = options.validFor === undefined ? this.#lifetimeAt(now) : lifetime(options.validFor);
    if (validFor <= 0) throw endBeforeBeginning(this.#settings.end);
    checkLifetime(validFor, this.#settings.maxLifetime);
    const renewed = renewedClaims(claims, now, validFor, options.maxSession);
    const encoded = { claims: renewed, json: JSON.stringify(renewed) };
    return encryptedToken(this.#signed(encoded, now), this.#settings);
  }

  /** The public keys that verify this builder's tokens; empty for a shared secret, which is nobody else's business. */
  jwks(): PublicJwks {
    return { keys: this.#settings.signing?.publicJwks() ?? [] };
  }

  #with(change: Partial<Settings>): JwtBuilder {
    return new JwtBuilder(Object.freeze({ ...this.#settings, ...change }));
  }

  #withClaim(name: string, value: unknown): JwtBuilder {
    return this.#with({ own: Object.freeze({ ...this.#settings.own, [name]: value }) });
  }

  #withoutClaim(name: string): JwtBuilder {
    const { [name]: _gone, ...own } = this.#settings.own;
    return this.#with({ own: Object.freeze(own) });
  }

  #withHeader(change: Pick<Settings, 'typ'> | Pick<Settings, 'header'>): JwtBuilder {
    const settings = { ...this.#settings, ...change };
    return this.#with({ ...change, signing: settings.signing?.withHeader(settings) });
  }

  #signing(): Signing {
    const { signing } = this.#settings;
    if (signing !== undefined) return signing;
    throw new InvalidOption(
      'signWith',
      'was not called',
      "Give the builder a key: .signWith({ hex: … }, 'HS256').",
    );
  }

  #lifetimeAt(now: number): number {
    const { end } = this.#settings;
    if (end === 'never') return Number.POSITIVE_INFINITY;
    return 'after' in end ? end.after : end.at - now;
  }

  #buildSigned(): IssuedToken {
    const now = nowOf(this.#settings.clock);
    this.#lasting ??= lastingClaims(this.#settings);
    return this.#signed(claimsAt(now, this.#settings, this.#lasting), now);
  }

  #signed(encoded: EncodedClaims, now: number): IssuedToken {
    return signedToken(encoded, now, this.#signing(), this.#settings.maxTokenLength);
  }

  async #verifiedForRenewal(
    token: string | undefined,
    validator: Verifier | undefined,
  ): Promise<{ readonly claims: Verified }> {
    try {
      if (validator === undefined) {
        this.#validator ??= this.validator();
        return await this.#validator.verify(token);
      }
      const vouched = vouchedFor(await validator.verify(token));
      const fault = strangerFault(vouched, this.#settings);
      if (fault !== undefined) throw refusalError(fault);
      return vouched;
    } catch (error) {
      throw markedAsRenewal(error);
    }
  }
}

/** Options without those that are undefined: a variable that is not set must not switch a check of the builder's off. */
function given<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function readable(key: EncryptionKey): EncryptionKey {
  if (key.canDecrypt) return key;
  throw new InvalidOption(
    'decryptWith',
    'is missing: the tokens are encrypted for a public key',
    'Give validator({ decryptWith }) the private key, or ask for the validator where that key is.',
  );
}

/** The arguments of a call that sets a list. */
function texts(values: readonly string[], call: 'audience' | 'roles' | 'scopes'): string[] {
  return values.map((value: unknown) => {
    if (!Array.isArray(value)) return text(value, call);
    throw new InvalidOption(call, 'got a list', `Spread the list: ${call}(...list).`);
  });
}

function text(value: unknown, option: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidOption(option, 'is not a non-empty string', 'Give it as text.');
  }
  return value;
}
