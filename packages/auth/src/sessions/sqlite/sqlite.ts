/** A store in a SQLite file (node:sqlite, WAL): for one machine, with one process or several. */
import { checkOptionNames, type OptionNames } from '../../option-names.js';
import { checkedClock } from '../clock-option.js';
import { lastingClock } from '../lasting-clock.js';
import {
  isRevokedBy,
  type RevocableClaims,
  type Revocation,
  RevocationCopy,
  type RevocationOrder,
  soughtBy,
} from '../revocation.js';
import { RevocationFeed } from '../revocation-feed.js';
import { decideRotation, type Rotation, type RotationOutcome } from '../rotation.js';
import type { SessionRecord } from '../session-record.js';
import type { Count, SessionStore } from '../store.js';
import { Connection, type Durability } from './connection.js';
import type { Row } from './database.js';
import { openFile } from './open-file.js';

/** Options of {@link sqlite}. */
export interface SqliteOptions {
  /**
   * What a power cut may cost. `normal`: the sign-ins and refreshes of the last moments, so that those clients sign in
   * again; never a revocation, for which the disk is waited for in any case. `full`: nothing that was answered, and every
   * change waits for the disk. A process that crashes loses nothing either way. Default `normal`.
   */
  durability?: Durability;
  /** How old the local copy of revocations may be when other processes use the file, in milliseconds, 2 to 60,000. Default 250. */
  staleness?: number;
  /** How long to wait for another process that is writing, in milliseconds; the event loop stands still then. Default 1000. */
  patience?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
}

const OPTIONS: OptionNames<SqliteOptions> = {
  durability: true,
  staleness: true,
  patience: true,
  clock: true,
};

/**
 * A store in a file, which is made when it is not there, for its owner alone to read. Needs Node.js 22.13 or later.
 *
 * @throws StoreUnusable at once for a file that is corrupt, of something else or read-only, which is left as it is, and for
 * an older Node.js; TypeError for wrong options.
 * @example
 * ```ts
 * const login = sessions({ store: sqlite('sessions.db'), jwt });
 * ```
 */
export function sqlite(file: string, options: SqliteOptions = {}): SessionStore {
  checkOptionNames(options, OPTIONS, 'sqlite()');
  const { durability = 'normal', staleness = 250, patience = 1000 } = options;
  const clock = checkedClock(options.clock, 'sqlite()');
  if (typeof file !== 'string' || file === '') throw new TypeError('sqlite() needs the path of a file');
  if (file === ':memory:') throw new TypeError('sqlite() needs the path of a file; in memory use memory()');
  if (durability !== 'normal' && durability !== 'full')
    throw new TypeError("the option durability of sqlite() must be 'normal' or 'full'");
  for (const [name, value, least] of [
    ['staleness', staleness, 2],
    ['patience', patience, 0],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least || value > 60_000)
      throw new TypeError(`the option ${name} of sqlite() must be milliseconds, ${least} to 60,000`);
  }
  return new SqliteStore(new Connection(openFile(file, patience), durability), staleness, clock);
}

/** So many revocations are taken into the copy before requests have their turn: a few milliseconds. */
const PAGE = 500;
/** So many expired entries at most go for one that comes: fewer than would be noticed, and more than come. */
const SWEPT = 10;

class SqliteStore implements SessionStore {
  readonly #file: Connection;
  readonly #clock: () => number;
  readonly #lasting: () => number;
  readonly #feed: RevocationFeed;
  /** The last revocation of the file that is in the copy, and the state of the file up to which that is all. */
  #sequence = 0;
  #dataVersion = -1;

  constructor(file: Connection, staleness: number, clock: () => number) {
    this.#file = file;
    this.#clock = () => Math.floor(clock());
    this.#lasting = lastingClock(this.#clock);
    this.#feed = new RevocationFeed(new RevocationCopy(this.#lasting), staleness, async (copy) =>
      this.#takePage(copy),
    );
  }

  async era(): Promise<number> {
    return this.#era();
  }

  async create(record: SessionRecord): Promise<void> {
    this.#file.change(() => {
      // A sign-in that began before its subject was revoked.
      this.#store({ ...record, ended: record.ended || this.#isEnded(record) });
      this.#sweep('sessions', 'expires_at');
    });
  }

  async read(id: string, now: number): Promise<SessionRecord | undefined> {
    return this.#recordIn(
      this.#file.get('SELECT record FROM sessions WHERE id = ? AND expires_at > ?', id, now),
    );
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    const decided = this.#file.change(() => this.#decided(rotation, false));
    if (decided.outcome !== 'reused') return decided;
    // A theft is a revocation: for that the disk is waited for, which has to be said before a transaction begins.
    const theft = this.#file.change(() => this.#decided(rotation, true), 'full');
    if (theft.outcome === 'reused') {
      const { id, tokensUntil } = theft.record;
      this.#feed.copy.add({ kind: 'session', id, until: tokensUntil });
    }
    return theft;
  }

  async list(subject: string, now: number): Promise<readonly SessionRecord[]> {
    return this.#file
      .all(LISTED, subject, now)
      .map((row) => this.#recordIn(row) as SessionRecord)
      .filter(({ ended }) => !ended);
  }

  async revoke(order: RevocationOrder): Promise<void> {
    const revocation = this.#file.change(() => {
      if (order.kind === 'subject' || order.kind === 'all') this.#file.run('UPDATE eras SET era = era + 1');
      const added: Revocation = 'at' in order ? { ...order, era: this.#era() } : order;
      this.#add(added);
      // Marks are for access tokens; sessions are over for good, however long they could have lasted.
      if (order.kind === 'session') this.#file.run(`${END} WHERE id = ?`, order.id);
      if (order.kind === 'subject') this.#file.run(`${END} WHERE subject = ?`, order.id);
      this.#sweep('revocations', 'until');
      return added;
    }, 'full');
    // Not before: what was undone must not be known here alone.
    this.#feed.copy.add(revocation);
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    return this.#isRevoked(claims);
  }

  isRevokedLocally(claims: RevocableClaims): boolean | undefined {
    const { copy, fresh } = this.#feed;
    // What was revoked stays revoked, however old the copy is.
    return copy.has(claims) || (fresh ? false : undefined);
  }

  async increment(key: string, windowSeconds: number): Promise<Count> {
    const now = this.#clock();
    return this.#file.change(() => {
      this.#sweep('counts', 'ends_at');
      const endsAt = now + windowSeconds * 1000;
      // One that ends later than one that begins now is from before the clock was put back.
      this.#file.run('DELETE FROM counts WHERE key = ? AND (ends_at <= ? OR ends_at > ?)', key, now, endsAt);
      return countIn(this.#file.get(COUNT, key, endsAt), now) as Count;
    });
  }

  async count(key: string): Promise<Count | undefined> {
    const now = this.#clock();
    return countIn(this.#file.get('SELECT * FROM counts WHERE key = ? AND ends_at > ?', key, now), now);
  }

  async forget(key: string): Promise<void> {
    this.#file.change(() => this.#file.run('DELETE FROM counts WHERE key = ?', key));
  }

  async close(): Promise<void> {
    this.#feed.close();
    this.#file.close();
  }

  #era(): number {
    return Number(this.#file.get('SELECT era FROM eras')?.['era']);
  }

  /** Decides within a transaction, and stores what was decided; a theft only where it may be stored. */
  #decided(rotation: Rotation, theft: boolean): RotationOutcome {
    const row = this.#file.get('SELECT record FROM sessions WHERE id = ?', rotation.sessionId);
    const decision = decideRotation(this.#recordIn(row), rotation);
    if (decision.outcome === 'rotated') this.#store(decision.record);
    if (decision.outcome === 'reused' && theft) {
      const { id, tokensUntil } = decision.record;
      this.#store(decision.record);
      this.#add({ kind: 'session', id, until: tokensUntil });
    }
    return decision;
  }

  #recordIn(row: Row | undefined): SessionRecord | undefined {
    if (row === undefined) return undefined;
    const record = JSON.parse(String(row['record'])) as SessionRecord;
    return { ...record, ended: record.ended || this.#isEnded(record) };
  }

  #isEnded({ id: sid, subject: sub }: SessionRecord): boolean {
    return this.#isRevoked({ sid, sub });
  }

  #isRevoked(claims: RevocableClaims): boolean {
    const found = soughtBy(claims).map(({ kind, id }) => this.#file.get(SOUGHT, kind, id));
    const forAll = this.#file.get(SOUGHT, 'all', '');
    return isRevokedBy([forAll, ...found] as (Revocation | undefined)[], claims);
  }

  #store(record: SessionRecord): void {
    const expiresAt = Math.min(record.idleEndsAt, record.endsAt);
    this.#file.run(
      'INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)',
      record.id,
      record.subject,
      expiresAt,
      JSON.stringify(record),
    );
  }

  #add(revocation: Revocation): void {
    const { kind, id, era, at, until } = { id: '', era: null, at: null, until: null, ...revocation };
    const known = this.#file.get(SOUGHT, kind, id)?.['until'];
    const later = typeof known === 'number' && typeof until === 'number' ? Math.max(known, until) : until;
    // Replaced, not updated: only a new sequence is seen by those who look for what came after the last.
    this.#file.run(
      'INSERT OR REPLACE INTO revocations VALUES (NULL, ?, ?, ?, ?, ?)',
      kind,
      id,
      era,
      at,
      later,
    );
  }

  #sweep(table: 'sessions' | 'revocations' | 'counts', expiry: string): void {
    const expired = `SELECT rowid FROM ${table} WHERE ${expiry} <= ? LIMIT ${SWEPT}`;
    this.#file.run(`DELETE FROM ${table} WHERE rowid IN (${expired})`, this.#lasting());
  }

  /** Takes in what other processes have revoked. `data_version` changes when one of them has committed, and costs 2 µs. */
  #takePage(copy: RevocationCopy): boolean {
    const dataVersion = Number(this.#file.get('PRAGMA data_version')?.['data_version']);
    if (dataVersion === this.#dataVersion) return false;
    const rows = this.#file.all(
      `SELECT * FROM revocations WHERE sequence > ? ORDER BY sequence LIMIT ${PAGE}`,
      this.#sequence,
    );
    for (const row of rows) {
      copy.add(row as unknown as Revocation);
      this.#sequence = Number(row['sequence']);
    }
    const more = rows.length === PAGE;
    // Only now: of a file that has changed again meanwhile, the next look finds another version.
    if (!more) this.#dataVersion = dataVersion;
    return more;
  }
}

function countIn(row: Row | undefined, now: number): Count | undefined {
  return row && { count: Number(row['count']), endsIn: Number(row['ends_at']) - now };
}

const SOUGHT = 'SELECT * FROM revocations WHERE kind = ? AND id = ?';

const END = "UPDATE sessions SET record = json_set(record, '$.ended', json('true'))";

/** Of very many the last thousand: those that were used last, for each use stores them anew. */
const LISTED =
  'SELECT record FROM sessions WHERE subject = ? AND expires_at > ? ORDER BY rowid DESC LIMIT 1000';

const COUNT = `INSERT INTO counts VALUES (?, 1, ?)
  ON CONFLICT (key) DO UPDATE SET count = count + 1 RETURNING count, ends_at`;
