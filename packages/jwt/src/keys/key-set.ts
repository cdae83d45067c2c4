/** What a validator asks about keys: which may have signed this token, and is one of them still good? */
import { primaryName } from '../algorithms.js';
import type { Finding } from '../finding.js';
import type { ProtectedHeader } from '../token.js';
import type { Key } from './key.js';

/** The keys that may have signed, or why they cannot be told. */
export type Candidates = readonly Key[] | Finding;

/**
 * Keys that verify: a fixed list, a `KeyRing`, or what an issuer publishes. All they are asked with is the frozen
 * protected header; they never see the payload. A promise is answered only where keys have to be fetched first.
 */
export abstract class KeySet {
  /** The algorithms of its keys now, or those it would take; none of them ever comes from a token (RFC 8725 §3.1). */
  abstract readonly algorithms: ReadonlySet<string>;

  /**
   * The longest `clockTolerance`, in seconds, with which a validator may use these keys: with a longer one it would still
   * accept tokens whose key has left already.
   */
  get longestTolerance(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Whether a token may be signed with the algorithm of this name at all; `Ed25519` names `EdDSA` too (RFC 9864 §2.2). */
  allows(algorithm: string): boolean {
    return this.algorithms.has(primaryName(algorithm));
  }

  /** The keys that may have signed a token with this header. */
  abstract candidates(header: ProtectedHeader): Candidates | Promise<Candidates>;

  /** Whether a key that was a candidate still is a member; asked each time a remembered token is used. */
  abstract has(key: Key): boolean | Finding | Promise<boolean | Finding>;

  /** Its keys, as they may stand in a report. */
  abstract toString(): string;
}
