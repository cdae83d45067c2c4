/** A store in Redis or Valkey: for many machines. */
import { randomBytes } from 'node:crypto';
import { checkOptionNames, type OptionNames } from '../../option-names.js';
import { checkedClock } from '../clock-option.js';
import { lastingClock } from '../lasting-clock.js';
import {
  isRevokedBy,
  type RevocableClaims,
  RevocationCopy,
  type RevocationOrder,
  soughtBy,
} from '../revocation.js';
import { RevocationFeed } from '../revocation-feed.js';
import { decideRotation, type Rotation, type RotationOutcome } from '../rotation.js';
import { isOver, type SessionRecord } from '../session-record.js';
import type { Count, SessionStore } from '../store.js';
import { SessionsUnavailable } from '../store-errors.js';
import { type RedisClient, Scripts } from './client.js';
import { Keys } from './keys.js';
import { markOf, readMark, revokedForAll } from './marks.js';
import { PublishedRevocations } from './published-revocations.js';
import {
  COUNTED,
  ENLIST,
  ERA,
  FORGET,
  INCREMENT,
  LASTS,
  LISTED,
  MARKS,
  READ,
  REPLACE,
  REVOKE,
  STORE,
} from './scripts.js';

export type { RedisClient, RedisSubscriber, ScriptInput } from './client.js';

/** Options of {@link redis}. */
export interface RedisOptions {
  /** What the names of all keys begin with: stores with different prefixes are different stores. Default 'tokenwright'. */
  prefix?: string;
  /**
   * How old the local copy of revocations may be, in milliseconds, 10 to 60,000; usually it is a few. While it is older,
   * because Redis does not answer, every request asks Redis itself. Default 500.
   */
  staleness?: number;
  /** How long to wait for an answer, in milliseconds, 1 to 60,000; then it is a 503. Default 2000. */
  patience?: number;
  /** Milliseconds since 1970. Default `Date.now`, and for counters the clock of Redis: it is one for all machines. */
  clock?: () => number;
}

const OPTIONS: OptionNames<RedisOptions> = {
  prefix: true,
  staleness: true,
  patience: true,
  clock: true,
};

/**
 * A store in Redis 7 or later, or Valkey, shared by all processes that use the same prefix. Every change is one script, and all keys of a script
 * stand in one slot, so a cluster serves as well. Whatever is stored goes away by itself when it has expired, but for one
 * small key.
 *
 * What Redis has acknowledged is as safe as Redis keeps it: with `appendfsync everysec` a crash of Redis can cost the last
 * second, in which case those clients sign in again. Let Redis evict nothing (`maxmemory-policy noeviction`).
 *
 * @param client of `@redis/client` or `redis`: a client or a cluster, connected by you and closed by you.
 * @throws TypeError at once for what is no such client and for options that would not do what was meant.
 * @example
 * ```ts
 * const client = await createClient({ url: 'redis://127.0.0.1:6379' }).on('error', (error) => log.warn(error)).connect();
 * const login = sessions({ store: redis(client), jwt });
 * ```
 */
export function redis(client: RedisClient, options: RedisOptions = {}): SessionStore {
  checkOptionNames(options, OPTIONS, 'redis()');
  const { prefix = 'tokenwright', staleness = 500, patience = 2000 } = options;
  const clock = checkedClock(options.clock, 'redis()');
  if (typeof client?.evalSha !== 'function' || typeof client.duplicate !== 'function') {
    throw new TypeError(
      'redis() needs a client of the package @redis/client, connected: `npm install @redis/client`, then await createClient({ url }).connect()',
    );
  }
  if (typeof prefix !== 'string' || !/^[^{}\s]+$/.test(prefix))
    throw new TypeError('the option prefix of redis() must be a text without braces and blanks');
  for (const [name, value, least] of [
    ['staleness', staleness, 10],
    ['patience', patience, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least || value > 60_000)
      throw new TypeError(`the option ${name} of redis() must be milliseconds, ${least} to 60,000`);
  }
  return new RedisStore(client, { prefix, staleness, patience, clock }, options.clock);
}

/** So often at most is a change tried again because another one came between. */
const TRIES = 100;

class RedisStore implements SessionStore {
  readonly #counterClock: (() => number) | undefined;
  readonly #keys: Keys;
  readonly #scripts: Scripts;
  readonly #published: PublishedRevocations;
  readonly #feed: RevocationFeed;

  /** @param counterClock undefined for that of Redis */
  constructor(
    client: RedisClient,
    { prefix, staleness, patience, clock }: Required<RedisOptions>,
    counterClock: (() => number) | undefined,
  ) {
    this.#counterClock = counterClock;
    this.#keys = new Keys(prefix);
    this.#scripts = new Scripts(client, patience);
    const published = new PublishedRevocations(client, this.#scripts, this.#keys);
    this.#published = published;
    this.#feed = new RevocationFeed(
      new RevocationCopy(lastingClock(clock)),
      staleness,
      (copy) => published.takePage(copy),
      (call) => published.listen(call),
    );
  }

  async era(): Promise<number> {
    const [state] = this.#keys.revocations;
    return Number(await this.#scripts.run(ERA, [state]));
  }

  async create(record: SessionRecord, now: number): Promise<void> {
    // The list first: one that names a session which never came about does no harm.
    const subject = this.#keys.subject(record.subject);
    await this.#scripts.run(ENLIST, [subject], record.id, Math.max(0, record.endsAt - now));
    await this.#scripts.run(
      STORE,
      [this.#keys.session(record.id)],
      JSON.stringify(record),
      life(record, now),
    );
  }

  async read(id: string, now: number): Promise<SessionRecord | undefined> {
    const record = parsed(await this.#text(id));
    if (record === undefined || isOver(record, now)) return undefined;
    const ended = record.ended || (await this.isRevoked({ sid: id, sub: record.subject }));
    return { ...record, ended };
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    const { sessionId, now } = rotation;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = await this.#text(sessionId);
      const decision = decideRotation(parsed(text), rotation);
      const record = parsed(text);
      if (record === undefined || decision.outcome === 'unknown') return decision;
      // Whether its subject was revoked stands in another slot. A session that was, may be rotated: it has ended anyway.
      const [revoked, stored] = await Promise.all([
        this.isRevoked({ sid: sessionId, sub: record.subject }),
        decision.outcome === 'rotated' ? this.#replace(text as string, decision.record, now) : true,
      ]);
      if (revoked) return { outcome: 'ended' };
      if (!stored) continue;
      if (decision.outcome === 'reused') return this.#endFamily(decision, now);
      return decision;
    }
    throw tooBusy();
  }

  async list(subject: string, now: number): Promise<readonly SessionRecord[]> {
    const ids = (await this.#scripts.run(LISTED, [this.#keys.subject(subject)])) as string[];
    const records: SessionRecord[] = [];
    // So many at once as are answered well within the patience.
    for (let start = 0; start < ids.length; start += 50) {
      const some = await Promise.all(ids.slice(start, start + 50).map((id) => this.read(id, now)));
      for (const record of some) if (record !== undefined && !record.ended) records.push(record);
    }
    return records;
  }

  async revoke(order: RevocationOrder, now: number): Promise<void> {
    // First the record, then the mark: who dies in between leaves a session that ends with its access tokens.
    if (order.kind === 'session') await this.#end(order.id, now);
    if (order.kind !== 'subject') await this.#mark(order, now);
    else
      await this.#mark({ ...order, until: Math.max(order.until, now + (await this.#lasts(order.id))) }, now);
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    const [state, marks] = this.#keys.revocations;
    const asked = soughtBy(claims).map(markOf);
    const answer = await this.#scripts.run(MARKS, [state, marks], ...asked);
    const [allEra, allAt, ...values] = answer as (string | null)[];
    const found = asked.map((mark, index) => readMark(mark, values[index]));
    return isRevokedBy([revokedForAll(allEra, allAt), ...found], claims);
  }

  isRevokedLocally(claims: RevocableClaims): boolean | undefined {
    const { copy, fresh } = this.#feed;
    // What was revoked stays revoked, however old the copy is.
    return copy.has(claims) || (fresh ? false : undefined);
  }

  async increment(key: string, windowSeconds: number): Promise<Count> {
    const window = windowSeconds * 1000;
    return countIn(
      await this.#scripts.run(INCREMENT, [this.#keys.counter(key)], this.#counterTime(), window),
    ) as Count;
  }

  async count(key: string): Promise<Count | undefined> {
    return countIn(await this.#scripts.run(COUNTED, [this.#keys.counter(key)], this.#counterTime()));
  }

  async forget(key: string): Promise<void> {
    await this.#scripts.run(FORGET, [this.#keys.counter(key)]);
  }

  async close(): Promise<void> {
    this.#feed.close();
    this.#published.close();
  }

  /** Nothing where Redis is to look at its own clock. */
  #counterTime(): number | '' {
    return this.#counterClock === undefined ? '' : Math.floor(this.#counterClock());
  }

  async #text(id: string): Promise<string | undefined> {
    return ((await this.#scripts.run(READ, [this.#keys.session(id)])) as string | null) ?? undefined;
  }

  /** Puts the record in the place of what was read, if that still stands there. */
  async #replace(text: string, record: SessionRecord, now: number): Promise<boolean> {
    const key = this.#keys.session(record.id);
    return (await this.#scripts.run(REPLACE, [key], text, JSON.stringify(record), life(record, now))) === 1;
  }

  /** Whether this was the call that revoked it. */
  async #mark(order: RevocationOrder, now: number): Promise<boolean> {
    const { kind, id, at, until } = { id: '', at: 0, until: 0, ...order };
    const { revocations, channel } = this.#keys;
    const nonce = randomBytes(9).toString('base64url');
    const input = [now, nonce, channel, kind, id, at, until];
    return (await this.#scripts.run(REVOKE, [...revocations], ...input)) === 1;
  }

  /**
   * Ends the session of a stolen token. The mark comes first and holds as long as the session could, for a process that
   * dies behind it; and of many that find the theft at once it tells the first.
   */
  async #endFamily(
    theft: Extract<RotationOutcome, { outcome: 'reused' }>,
    now: number,
  ): Promise<RotationOutcome> {
    const { id, endsAt, tokensUntil } = theft.record;
    const first = await this.#mark({ kind: 'session', id, until: Math.max(endsAt, tokensUntil) }, now);
    if (!first) return { outcome: 'ended' };
    await this.#end(id, now);
    return theft;
  }

  /** How long the sessions of a subject last at most, in milliseconds. */
  async #lasts(subject: string): Promise<number> {
    return Number((await this.#scripts.run(LASTS, [this.#keys.subject(subject)])) ?? 0);
  }

  async #end(id: string, now: number): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const text = await this.#text(id);
      const record = parsed(text);
      if (record === undefined || record.ended) return;
      if (await this.#replace(text as string, { ...record, ended: true }, now)) return;
    }
    throw tooBusy();
  }
}

/** How long a record is kept, in milliseconds: a little longer than its session, so that a late client is told the reason. */
function life({ idleEndsAt, endsAt }: SessionRecord, now: number): number {
  return Math.max(0, Math.min(idleEndsAt, endsAt) - now) + 60_000;
}

function parsed(text: string | undefined): SessionRecord | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as SessionRecord);
}

function countIn(answer: unknown): Count | undefined {
  const [count, endsIn] = answer as [] | [string | number, string];
  return count === undefined ? undefined : { count: Number(count), endsIn: Number(endsIn) };
}

function tooBusy(): SessionsUnavailable {
  return new SessionsUnavailable(`The session was changed by others ${TRIES} times meanwhile.`);
}
