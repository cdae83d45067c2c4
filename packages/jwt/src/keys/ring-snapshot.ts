/** The keys of a ring at one time. A snapshot never changes; a rotation makes another. */
import { primaryName, type SignatureAlgorithmName } from '../algorithms.js';
import type { ProtectedHeader } from '../token.js';
import type { Key } from './key.js';
import { checkKeys } from './local-keys.js';

/** A key that signs or will, in its two sides. They stay the same objects as long as the key is in the ring. */
export interface Member {
  readonly signing: Key;
  readonly verifying: Key;
}

/** A key that signed, and when it leaves, in seconds since 1970. */
export interface Retired {
  readonly verifying: Key;
  readonly until: number;
}

/** The keys of a ring at one time. */
export interface Snapshot {
  readonly next: Member;
  readonly current: Member;
  readonly previous: readonly Retired[];
  /** All of them, as they verify; the current one first, for tokens that name none. */
  readonly verifying: readonly Key[];
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
  /** When the first of the previous keys leaves. */
  readonly firstEnd: number;
  /** The keys that may have signed a token with this header. */
  candidates(header: ProtectedHeader): readonly Key[];
  /** The key of this snapshot that is the same as another. */
  same(key: Key): Key | undefined;
}

/** A key in its two sides. */
export function memberOf(key: Key): Member {
  return { signing: key, verifying: key.verifyingSide() };
}

const NONE: readonly Key[] = Object.freeze([]);

/** @throws InvalidOption for secrets beside public keys, or two keys of one key ID. */
export function snapshotOf(next: Member, current: Member, previous: readonly Retired[]): Snapshot {
  const verifying = [current, next, ...previous].map((member) => member.verifying);
  checkKeys(verifying, 'the key ring');
  // Unlike a key that is configured alone, one of a ring is meant only by its own ID.
  const byId = new Map(verifying.map((key) => [key.kid, Object.freeze([key])]));
  return Object.freeze({
    next,
    current,
    previous,
    verifying,
    algorithms: new Set(verifying.map((key) => key.algorithm)),
    firstEnd: Math.min(...previous.map(({ until }) => until)),
    candidates(header: ProtectedHeader): readonly Key[] {
      const { kid } = header;
      const alg = primaryName(header.alg);
      if (kid === undefined) return verifying.filter((key) => key.algorithm === alg);
      const named = byId.get(kid);
      return named?.[0]?.algorithm === alg ? named : NONE;
    },
    same: (other: Key) =>
      verifying.find(
        (key) =>
          key.kid === other.kid &&
          key.algorithm === other.algorithm &&
          key.material().equals(other.material()),
      ),
  });
}
