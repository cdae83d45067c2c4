/** A store in a SQLite file (node:sqlite, WAL): for one machine, with one process or several. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type RevocableClaims,
  type Revocation,
  RevocationCopy,
  type RevocationOrder,
} from '../revocation.js';
import { decideRotation, type Rotation, type RotationOutcome } from '../rotation.js';
import type { SessionRecord } from '../session-record.js';
import type { Count, SessionStore } from '../store.js';
import { SessionsUnavailable } from '../store-errors.js';
import { openFile, resultCode } from './open-file.js';

/** Options of {@link sqlite}. */
export interface SqliteOptions {
  /**
   * What a power cut may cost. `normal`: the sign-ins and refreshes of the last moments, so that those clients sign in
   * again; never a revocation, for which the disk is waited for in any case. `full`: nothing that was answered, and every
   * change waits for the disk. A process that crashes loses nothing either way. Default `normal`.
   */
  durability?: 'normal' | 'full';
  /** How old the local copy of revocations may be when other processes use the file, in milliseconds. Default 250. */
  staleness?: number;
  /** How long to wait for another process that is writing, in milliseconds; the event loop stands still then. Default 1000. */
  patience?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  clock?: () => number;
}

/**
 * A store in a file, which is made when it is not there. Needs Node.js 22.13 or later.
 *
 * @throws StoreUnusable at once for a file that is corrupt, of something else or read-only, which is left as it is, and for
 * an older Node.js; TypeError for wrong options.
 * @example
 * ```ts
 * const login = sessions({ store: sqlite('sessions.db'), jwt });
 * ```
 */
export function sqlite(file: string, options: SqliteOptions = {}): SessionStore {
  const { durability = 'normal', staleness = 250, patience = 1000, clock = Date.now } = options;
  if (typeof file !== 'string' || file === '') throw new TypeError('sqlite() needs the path of a file');
  if (durability !== 'normal' && durability !== 'full')
    throw new TypeError("the option durability of sqlite() must be 'normal' or 'full'");
  for (const [name, value] of Object.entries({ staleness, patience })) {
    if (!Number.isSafeInteger(value) || value < 0 || value > 60_000)
      throw new TypeError(`the option ${name} of sqlite() must be milliseconds, 0 to 60,000`);
  }
  return new SqliteStore(openFile(file, patience), { durability, staleness, clock });
}

type Row = Record<string, SQLInputValue>;

class SqliteStore implements SessionStore {
  readonly #database: DatabaseSync;
  readonly #options: Required<Pick<SqliteOptions, 'durability' | 'staleness' | 'clock'>>;
  readonly #statements = new Map<string, StatementSync>();
  readonly #copy: RevocationCopy;
  /** The last revocation in the copy, and the state of the file when it was looked at. */
  #sequence = 0;
  #dataVersion = -1;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(
    database: DatabaseSync,
    options: Required<Pick<SqliteOptions, 'durability' | 'staleness' | 'clock'>>,
  ) {
    this.#database = database;
    this.#options = options;
    this.#copy = new RevocationCopy(options.clock);
    if (options.durability === 'full') database.exec('PRAGMA synchronous = FULL');
  }

  async era(): Promise<number> {
    return this.#guard(() => Number(this.#get('SELECT era FROM eras')?.['era']));
  }

  async create(record: SessionRecord, now: number): Promise<void> {
    this.#change(() => {
      this.#store(record);
      // Two go for one that comes, so the expired ones get fewer.
      this.#run(
        'DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? LIMIT 2)',
        now,
      );
    });
  }

  async read(id: string, now: number): Promise<SessionRecord | undefined> {
    return this.#guard(() => {
      this.#look();
      return this.#recordIn(
        this.#get('SELECT record FROM sessions WHERE id = ? AND expires_at > ?', id, now),
      );
    });
  }

  async rotate(rotation: Rotation): Promise<RotationOutcome> {
    return this.#change(() => {
      this.#look();
      const record = this.#recordIn(
        this.#get('SELECT record FROM sessions WHERE id = ?', rotation.sessionId),
      );
      const decision = decideRotation(record, rotation);
      if (decision.outcome === 'rotated' || decision.outcome === 'reused') this.#store(decision.record);
      if (decision.outcome === 'reused') {
        this.#add({ kind: 'session', id: rotation.sessionId, until: rotation.revokedUntil });
      }
      return decision;
    });
  }

  async list(subject: string, now: number): Promise<readonly SessionRecord[]> {
    return this.#guard(() => {
      this.#look();
      return this.#all('SELECT record FROM sessions WHERE subject = ? AND expires_at > ?', subject, now)
        .map((row) => this.#recordIn(row) as SessionRecord)
        .filter(({ ended }) => !ended);
    });
  }

  async revoke(order: RevocationOrder, now: number): Promise<void> {
    this.#change(() => {
      if (order.kind === 'subject' || order.kind === 'all') this.#run('UPDATE eras SET era = era + 1');
      const era = Number(this.#get('SELECT era FROM eras')?.['era']);
      this.#add('at' in order ? { ...order, era } : order);
      // What is said of a subject or of all is kept for as long as their sessions; of one session, only for its access tokens.
      if (order.kind === 'session') this.#run(END, order.id);
      this.#run('DELETE FROM revocations WHERE until <= ?', now);
    }, 'full');
  }

  async isRevoked(claims: RevocableClaims): Promise<boolean> {
    return this.#guard(() => {
      this.#look();
      return this.#copy.has(claims);
    });
  }

  isRevokedLocally(claims: RevocableClaims): boolean | undefined {
    const now = performance.now();
    if (now - this.#lookedAt <= this.#options.staleness) return this.#copy.has(claims);
    try {
      this.#look();
    } catch {
      return this.#copy.has(claims) || undefined;
    }
    this.#lookedAt = now;
    return this.#copy.has(claims);
  }

  async increment(key: string, windowSeconds: number): Promise<Count> {
    const now = this.#options.clock();
    return this.#change(() => {
      this.#run('DELETE FROM counts WHERE key IN (SELECT key FROM counts WHERE ends_at <= ? LIMIT 2)', now);
      this.#run('DELETE FROM counts WHERE key = ? AND ends_at <= ?', key, now);
      const row = this.#get(COUNT, key, now + windowSeconds * 1000);
      return { count: Number(row?.['count']), endsAt: Number(row?.['ends_at']) };
    });
  }

  async count(key: string): Promise<Count | undefined> {
    return this.#guard(() => {
      const row = this.#get('SELECT * FROM counts WHERE key = ? AND ends_at > ?', key, this.#options.clock());
      return row && { count: Number(row['count']), endsAt: Number(row['ends_at']) };
    });
  }

  async forget(key: string): Promise<void> {
    this.#change(() => this.#run('DELETE FROM counts WHERE key = ?', key));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#database.close();
  }

  #recordIn(row: Row | undefined): SessionRecord | undefined {
    if (row === undefined) return undefined;
    const record = JSON.parse(String(row['record'])) as SessionRecord;
    const ended = record.ended || this.#copy.has({ sid: record.id, sub: record.subject });
    return { ...record, ended };
  }

  #store(record: SessionRecord): void {
    const expiresAt = Math.min(record.idleEndsAt, record.endsAt);
    this.#run(
      'INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?)',
      record.id,
      record.subject,
      expiresAt,
      JSON.stringify(record),
    );
  }

  #add(revocation: Revocation): void {
    const { kind, id, era, at, until } = { id: '', era: null, at: null, until: null, ...revocation };
    // Replaced, not updated: only a new sequence is seen by those who look for what came after the last.
    this.#run('INSERT OR REPLACE INTO revocations VALUES (NULL, ?, ?, ?, ?, ?)', kind, id, era, at, until);
    this.#copy.add(revocation);
  }

  /** Takes in what other processes revoked. `data_version` changes when one of them has committed, and costs 2 µs. */
  #look(): void {
    const dataVersion = Number(this.#get('PRAGMA data_version')?.['data_version']);
    if (dataVersion === this.#dataVersion) return;
    for (const row of this.#all(
      'SELECT * FROM revocations WHERE sequence > ? ORDER BY sequence',
      this.#sequence,
    )) {
      this.#sequence = Number(row['sequence']);
      this.#copy.add(row as unknown as Revocation);
    }
    this.#dataVersion = dataVersion;
  }

  /** One transaction, which locks out other writers from its beginning. */
  #change<T>(work: () => T, durability = this.#options.durability): T {
    return this.#guard(() => {
      // Of a transaction that waits for the disk, all before it are on the disk as well: they stand in the same log.
      const waits = durability === 'full' && this.#options.durability === 'normal';
      if (waits) this.#database.exec('PRAGMA synchronous = FULL');
      let begun = false;
      try {
        this.#run('BEGIN IMMEDIATE');
        begun = true;
        const result = work();
        this.#run('COMMIT');
        return result;
      } catch (error) {
        if (begun) this.#rollBack();
        throw error;
      } finally {
        if (waits) this.#database.exec('PRAGMA synchronous = NORMAL');
      }
    });
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (resultCode(error) === undefined) throw error;
      throw new SessionsUnavailable('SQLite failed; its error is the cause of this one.', { cause: error });
    }
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const END = "UPDATE sessions SET record = json_set(record, '$.ended', json('true')) WHERE id = ?";

const COUNT = `INSERT INTO counts VALUES (?, 1, ?)
  ON CONFLICT (key) DO UPDATE SET count = count + 1 RETURNING count, ends_at`;
