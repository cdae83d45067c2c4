/** An open file: statements that are prepared once, changes that are whole or not at all, one kind of failure. */
import { SessionsUnavailable } from '../store-errors.js';
import type { Database, Row, SqlValue, Statement } from './database.js';
import { resultCode } from './open-file.js';

/** How long a change waits: until it is written, or until the disk has it. */
export type Durability = 'normal' | 'full';

/** The connection of one store. */
export class Connection {
  readonly #database: Database;
  readonly #usual: Durability;
  readonly #statements = new Map<string, Statement>();
  #closed = false;

  constructor(database: Database, usual: Durability) {
    this.#database = database;
    this.#usual = usual;
    if (usual === 'full') database.exec('PRAGMA synchronous = FULL');
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.guard(() => this.#statement(sql).run(...values));
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.guard(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.guard(() => this.#statement(sql).all(...values));
  }

  /** One transaction, which locks out other writers from its beginning. @throws SessionsUnavailable: nothing was changed then */
  change<T>(work: () => T, durability: Durability = this.#usual): T {
    return this.guard(() => {
      // Of a transaction that waits for the disk, all before it are on the disk as well: they stand in the same log.
      const waits = durability === 'full' && this.#usual === 'normal';
      if (waits) this.#database.exec('PRAGMA synchronous = FULL');
      try {
        return this.#transaction(work);
      } finally {
        if (waits) this.#database.exec('PRAGMA synchronous = NORMAL');
      }
    });
  }

  /** @throws SessionsUnavailable for whatever SQLite says */
  guard<T>(work: () => T): T {
    if (this.#closed) throw new SessionsUnavailable('The store was closed.');
    try {
      return work();
    } catch (error) {
      if (resultCode(error) === undefined) throw error;
      throw new SessionsUnavailable('SQLite failed; its error is the cause of this one.', { cause: error });
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#database.close();
  }

  #transaction<T>(work: () => T): T {
    this.#statement('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      this.#statement('COMMIT').run();
      return result;
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // SQLite has rolled back by itself, as it does when the disk is full.
      }
      throw error;
    }
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
