/** Keys that are rotated: the next is published, the current signs, previous ones verify until their last token has ended. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { SignatureAlgorithmName } from '../algorithms.js';
import { type Clock, clockOf, nowOf } from '../clock.js';
import { type Duration, seconds } from '../duration.js';
import { InvalidOption } from '../errors.js';
import { checkOptionNames } from '../option-names.js';
import type { ProtectedHeader } from '../token.js';
import { importKey } from './import.js';
import type { PublicJwks } from './jwks.js';
import type { Key } from './key.js';
import { importState, type KeyRingState, storedKey, storedTime } from './key-ring-state.js';
import { KeySet } from './key-set.js';
import { type Member, memberOf, type Retired, type Snapshot, snapshotOf } from './ring-snapshot.js';
import type { KeySource } from './sources.js';
import { newKey, successorOf } from './successor.js';

export type { KeyRingState } from './key-ring-state.js';

/** How long keys of a ring stay. */
export interface KeyRingTiming {
  /**
   * The longest lifetime of tokens that are signed with these keys elsewhere: by another process that shares the ring's
   * state. What this ring signs itself it knows. Seconds or '1h'; default '1h'.
   */
  validFor?: Duration;
  /**
   * At least the `clockTolerance` of the validators, so that no key leaves before the last validator refuses its last token;
   * a validator with a longer one refuses the ring. Default 60.
   */
  clockTolerance?: Duration;
  /** The time. Default `Date.now`. */
  clock?: Clock;
}

/** Options of a {@link KeyRing}: its first two keys. */
export interface KeyRingOptions extends KeyRingTiming {
  /** Signs. */
  current: KeySource;
  /** Is published and verifies, and signs after the next rotation. */
  next: KeySource;
}

const TIMING: Readonly<Record<keyof KeyRingTiming, true>> = {
  validFor: true,
  clockTolerance: true,
  clock: true,
};
const OPTIONS: Readonly<Record<keyof KeyRingOptions, true>> = { current: true, next: true, ...TIMING };

/**
 * Keys that change while tokens are in use. Give it to `signWith` and to a validator's `keys`. Rotating refuses not one
 * valid token: every key verifies from the moment it is published until the last token signed with it has ended. Validators
 * elsewhere, which fetch {@link KeyRing.jwks}, know a key before it signs if rotations are further apart than they fetch.
 *
 * All its keys are secrets or none is, and no two have the same key ID. A secret that has none gets a random one.
 *
 * @example
 * ```ts
 * const ring = await KeyRing.generate('ES256');
 * const jwt = new JwtBuilder().issuer('KestrunApi').audience('KestrunClients').signWith(ring);
 * await ring.rotate(); // tokens from before stay valid
 * ```
 */
export class KeyRing extends KeySet {
  readonly #validFor: number;
  readonly #clockTolerance: number;
  readonly #clock: Clock;
  /** Never changed, only replaced: whoever took one before a rotation goes on with it. */
  #snapshot: Snapshot;
  /** When the last token signed with the current key ends. */
  #signedUntil = 0;

  /** @throws InvalidKey, InvalidOption for keys that cannot sign or cannot stand side by side, unknown options or wrong times. */
  constructor(options: KeyRingOptions) {
    super();
    checkOptionNames(options, OPTIONS, 'a KeyRing');
    const { current, next, ...timing } = options;
    this.#validFor = seconds(timing.validFor ?? '1h', 'validFor');
    this.#clockTolerance = seconds(timing.clockTolerance ?? 60, 'clockTolerance');
    this.#clock = clockOf(timing.clock);
    this.#snapshot = snapshotOf(memberFrom(next, 'next'), memberFrom(current, 'current'), []);
  }

  /**
   * A ring of new keys.
   *
   * @throws InvalidOption for an unknown algorithm, an unknown option or wrong times.
   */
  static async generate(algorithm: SignatureAlgorithmName, timing: KeyRingTiming = {}): Promise<KeyRing> {
    checkOptionNames(timing, TIMING, 'KeyRing.generate()');
    const [current, next] = await Promise.all([newKey(algorithm), newKey(algorithm)]);
    return new KeyRing({ ...timing, current, next });
  }

  /**
   * A ring in the state that {@link exportState} answered.
   *
   * @throws InvalidOption, InvalidKey for what is no such state.
   */
  static from(state: KeyRingState, timing: KeyRingTiming = {}): KeyRing {
    checkOptionNames(timing, TIMING, 'KeyRing.from()');
    const { current, next } = importState(state);
    const ring = new KeyRing({ ...timing, current, next });
    ring.restore(state);
    return ring;
  }

  /** The key that signs now. */
  get current(): Key {
    return this.#snapshot.current.signing;
  }

  /** The key that signs after the next rotation. */
  get next(): Key {
    return this.#snapshot.next.signing;
  }

  /** The keys that signed before and still verify. */
  get previous(): readonly Key[] {
    return this.#now().previous.map(({ verifying }) => verifying);
  }

  override get longestTolerance(): number {
    return this.#clockTolerance;
  }

  get algorithms(): ReadonlySet<SignatureAlgorithmName> {
    return this.#now().algorithms;
  }

  /**
   * The next key signs from now on, and a new next one is published. The key that signed until now verifies until the last
   * of its tokens has ended, the clocks' tolerance included. When it rejects, nothing has changed.
   *
   * @param next the new next key; where absent, one is made that is like the present next.
   * @throws InvalidKey, InvalidOption for a key that cannot sign, or cannot stand beside those of the ring.
   */
  async rotate(next?: KeySource): Promise<void> {
    const coming = next === undefined ? memberOf(await successorOf(this.next)) : memberFrom(next, 'rotate');
    // From here on nothing waits: a token is signed wholly before or wholly after the change.
    const { next: current, current: before, previous } = this.#now();
    const lastEnd = Math.max(nowOf(this.#clock) + this.#validFor, this.#signedUntil);
    const retired = { verifying: before.verifying, until: lastEnd + this.#clockTolerance };
    this.#snapshot = snapshotOf(coming, current, [retired, ...previous]);
    this.#signedUntil = 0;
  }

  /**
   * Takes a previous key out before its time: every token signed with it is refused from now on. For a key that others may
   * know: `rotate()` first, if it is the current one.
   *
   * @throws InvalidOption for the current or the next key, or one that is not in the ring.
   */
  remove(kid: string): void {
    const { next, current, previous } = this.#now();
    const kept = previous.filter(({ verifying }) => verifying.kid !== kid);
    if (kept.length === previous.length) {
      throw new InvalidOption(
        'remove',
        'names no previous key',
        'rotate() until the key is a previous one, then remove it.',
      );
    }
    this.#snapshot = snapshotOf(next, current, kept);
  }

  /** The public keys, for others to verify with: next, current, previous (RFC 7517 §5). Empty for secrets. */
  jwks(): PublicJwks {
    const jwks = this.#now().verifying.map((key) => key.publicJwk());
    return { keys: jwks.filter((jwk) => jwk !== undefined) };
  }

  /**
   * The ring as JSON, private keys included, to be stored as a secret and given to {@link KeyRing.from} or
   * {@link restore}. Store it after every rotation, and before the ring signs anything with a key that is not stored.
   */
  exportState(): KeyRingState {
    const { next, current, previous } = this.#now();
    return {
      next: storedKey(next.signing),
      current: storedKey(current.signing),
      signedUntil: storedTime(this.#signedUntil),
      previous: previous.map(({ verifying, until }) => ({
        key: storedKey(verifying),
        until: storedTime(until),
      })),
    };
  }

  /**
   * Puts the ring into a state, for one whose rotation another process did. Builders and validators that have the ring go
   * on with it, and the tokens they know stay known.
   *
   * @throws InvalidOption, InvalidKey for what is no such state; nothing has changed then.
   */
  restore(state: KeyRingState): void {
    const { next, current, previous, signedUntil } = importState(state);
    const before = this.#snapshot;
    const here = this.#signedUntil;
    const retired: Retired[] = previous.map(({ key, until }) => {
      const verifying = before.same(key) ?? key;
      // What this process signed, the one that rotated could not know.
      const known = verifying === before.current.verifying ? here + this.#clockTolerance : 0;
      return { verifying, until: Math.max(until, known) };
    });
    const [coming, signing] = [memberFrom(next, 'next'), memberFrom(current, 'current')].map((member) => ({
      ...member,
      verifying: before.same(member.verifying) ?? member.verifying,
    })) as [Member, Member];
    this.#snapshot = snapshotOf(coming, signing, retired);
    this.#signedUntil = Math.max(signedUntil, signing.verifying === before.current.verifying ? here : 0);
  }

  /** @internal The key for a token that ends then, in seconds since 1970; undefined for one that never ends. */
  signs(end: number | undefined): Key {
    this.#signedUntil = Math.max(this.#signedUntil, end ?? Number.POSITIVE_INFINITY);
    return this.#snapshot.current.signing;
  }

  override candidates(header: ProtectedHeader): readonly Key[] {
    return this.#now().candidates(header);
  }

  override has(key: Key): boolean {
    return this.#now().verifying.includes(key);
  }

  override toString(): string {
    return this.#now().verifying.map(String).join(' or ');
  }

  toJSON(): string {
    return `[KeyRing ${this}]`;
  }

  static {
    Object.defineProperty(KeyRing.prototype, inspect.custom, { value: KeyRing.prototype.toJSON });
  }

  /** The snapshot, without the keys whose time is over. */
  #now(): Snapshot {
    const { next, current, previous, firstEnd } = this.#snapshot;
    const now = nowOf(this.#clock);
    if (now >= firstEnd) {
      this.#snapshot = snapshotOf(
        next,
        current,
        previous.filter(({ until }) => now < until),
      );
    }
    return this.#snapshot;
  }
}

function memberFrom(source: KeySource | undefined, option: string): Member {
  if (source === undefined) {
    throw new InvalidOption(
      option,
      'is missing',
      'A ring has a key that signs and the one after it: new KeyRing({ current, next }), or await KeyRing.generate(algorithm).',
    );
  }
  const key = importKey(source);
  if (key.canSign) return memberOf(key.kid === undefined ? key.withKid(randomUUID()) : key);
  throw new InvalidOption(option, 'is a public key, which cannot sign', 'Give the private key.');
}
