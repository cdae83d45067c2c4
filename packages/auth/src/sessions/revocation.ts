/** What was revoked, and the copy of it that every process keeps, so that looking it up costs a request nothing. */
import { eraOf } from './session-record.js';

/** What is to be revoked. Times are milliseconds since 1970. */
export type RevocationOrder =
  /** One access token, by its `jti`; `until` is when it can't be valid any more. */
  | { readonly kind: 'token'; readonly id: string; readonly until: number }
  /** One session; `until` is when none of its access tokens can be valid any more. */
  | { readonly kind: 'session'; readonly id: string; readonly until: number }
  /** All sessions of a subject that began before; `until` is when none of them can go on any more. */
  | { readonly kind: 'subject'; readonly id: string; readonly at: number; readonly until: number }
  /** All sessions that began before. */
  | { readonly kind: 'all'; readonly at: number };

/** What was revoked: for a subject and for all, the sessions of the eras before `era`. */
export type Revocation =
  | Extract<RevocationOrder, { kind: 'token' | 'session' }>
  | (Extract<RevocationOrder, { kind: 'subject' }> & { readonly era: number })
  | (Extract<RevocationOrder, { kind: 'all' }> & { readonly era: number });

/** What a revocation is looked for by: these claims of an access token. */
export interface RevocableClaims {
  readonly jti?: string | undefined;
  readonly sid?: unknown;
  readonly sub?: string | undefined;
  readonly iat?: number | undefined;
}

interface Mark {
  readonly era: number;
  readonly at: number;
  readonly until: number;
}

const NEVER: Mark = { era: 0, at: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

/** All that was revoked and can still matter. It only ever grows, but for what has expired by itself. */
export class RevocationCopy {
  readonly #clock: () => number;
  readonly #tokens = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  readonly #subjects = new Map<string, Mark>();
  #all = NEVER;
  #sweepAt = 1000;

  /** @param clock milliseconds since 1970, to know what has expired: a `lastingClock`. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** How many tokens, sessions and subjects it holds. */
  get size(): number {
    return this.#tokens.size + this.#sessions.size + this.#subjects.size;
  }

  /** Takes a revocation in; the same one again, or an older one, changes nothing. */
  add(revocation: Revocation): void {
    switch (revocation.kind) {
      case 'token':
        keepLatest(this.#tokens, revocation.id, revocation.until);
        break;
      case 'session':
        keepLatest(this.#sessions, revocation.id, revocation.until);
        break;
      case 'subject':
        this.#addSubject(revocation);
        break;
      case 'all':
        if (revocation.era > this.#all.era) this.#all = { ...revocation, until: NEVER.until };
    }
    if (this.size >= this.#sweepAt) this.#sweep();
  }

  /** Whether an access token with these claims was revoked, by itself, with its session, its subject or with all. */
  has({ jti, sid, sub, iat }: RevocableClaims): boolean {
    if (jti !== undefined && this.#tokens.has(jti)) return true;
    const session = typeof sid === 'string' ? sid : undefined;
    if (session !== undefined && this.#sessions.has(session)) return true;
    const mark = sub === undefined ? undefined : this.#subjects.get(sub);
    if (mark === undefined && this.#all === NEVER) return false;
    const era = session === undefined ? undefined : eraOf(session);
    return isBefore(this.#all, era, iat) || (mark !== undefined && isBefore(mark, era, iat));
  }

  #addSubject(revocation: Mark & { readonly id: string }): void {
    const known = this.#subjects.get(revocation.id);
    if (known === undefined) this.#subjects.set(revocation.id, revocation);
    else if (revocation.era > known.era) {
      this.#subjects.set(revocation.id, { ...revocation, until: Math.max(known.until, revocation.until) });
    }
  }

  /** When it has doubled, so that on the average an entry is looked at twice. */
  #sweep(): void {
    const now = this.#clock();
    for (const ends of [this.#tokens, this.#sessions]) {
      for (const [id, until] of ends) if (until <= now) ends.delete(id);
    }
    for (const [subject, { until }] of this.#subjects) if (until <= now) this.#subjects.delete(subject);
    this.#sweepAt = Math.max(1000, this.size * 2);
  }
}

/** What revokes an access token with these claims, besides what was revoked for all. */
export function soughtBy({ jti, sid, sub }: RevocableClaims): readonly Sought[] {
  const sought: Sought[] = [];
  if (jti !== undefined) sought.push({ kind: 'token', id: jti });
  if (typeof sid === 'string') sought.push({ kind: 'session', id: sid });
  if (sub !== undefined) sought.push({ kind: 'subject', id: sub });
  return sought;
}

/** What a store looks for. */
export interface Sought {
  readonly kind: Exclude<RevocationOrder['kind'], 'all'>;
  readonly id: string;
}

/** Whether one of these revocations, which a store has found, is of an access token with these claims. */
export function isRevokedBy(found: Iterable<Revocation | undefined>, claims: RevocableClaims): boolean {
  const copy = new RevocationCopy(() => 0);
  for (const revocation of found) if (revocation !== undefined) copy.add(revocation);
  return copy.has(claims);
}

/** A token of no session, as a client of its own gets, knows no era; then the second in which it was issued decides. */
function isBefore(mark: Mark, era: number | undefined, iat: number | undefined): boolean {
  if (mark === NEVER) return false;
  if (era !== undefined) return era < mark.era;
  return iat === undefined || iat <= Math.floor(mark.at / 1000);
}

function keepLatest(ends: Map<string, number>, id: string, until: number): void {
  const known = ends.get(id);
  if (known === undefined || known < until) ends.set(id, until);
}
