/** Opens the file of a SQLite store, and refuses what is none without having touched it. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { StoreUnusable } from '../store-errors.js';
import type { Database } from './database.js';

/** Marks a file as ours (`PRAGMA application_id`): the letters `tkws`. */
const APPLICATION_ID = 0x746b7773;
const SCHEMA_VERSION = 1;

const SCHEMA = `
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, subject TEXT NOT NULL, expires_at INTEGER NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_by_subject ON sessions (subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE TABLE revocations (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL,
  era INTEGER, at INTEGER, until INTEGER, UNIQUE (kind, id)
) STRICT;
CREATE INDEX revocations_by_expiry ON revocations (until);
CREATE TABLE eras (era INTEGER NOT NULL) STRICT;
INSERT INTO eras VALUES (0);
CREATE TABLE counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT;
CREATE INDEX counts_by_expiry ON counts (ends_at);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Opens the file, makes it where there is none, in WAL mode.
 *
 * @param patience how long to wait for other processes that are writing, in milliseconds
 * @throws StoreUnusable for a runtime without node:sqlite, and for a file that is corrupt, of something else or read-only
 */
export function openFile(file: string, patience: number): Database {
  const { DatabaseSync } = sqliteModule();
  try {
    if (existsSync(file)) inTime(patience, () => examine(new DatabaseSync(file, { readOnly: true })));
    else makeForOwner(file);
    return inTime(patience, () => prepared(new DatabaseSync(file), patience));
  } catch (error) {
    throw error instanceof StoreUnusable ? error : unusable(file, error);
  }
}

/** What SQLite puts beside the file, is its owner's alone, too. */
function makeForOwner(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch {
    // Another process was faster, or SQLite will say why it can't be made.
  }
}

/**
 * Does it again while another process keeps the file locked: while it is made, and its mode changed to WAL, SQLite does not
 * wait by itself.
 */
function inTime<T>(patience: number, work: () => T): T {
  const end = performance.now() + patience;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const locked = resultCode(error) === BUSY || resultCode(error) === LOCKED;
      if (!locked || performance.now() > end) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function sqliteModule(): typeof import('node:sqlite') {
  // Asked for here, not imported: the other stores run where this module does not exist.
  const module = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (module !== undefined) return module;
  throw new StoreUnusable(
    `The SQLite store needs node:sqlite, and Node.js ${process.versions.node} has none.`,
    'Use Node.js 22.13 or later, or another store: memory(), redis() or one of your own.',
  );
}

/** Looks at an existing file without writing. @throws StoreUnusable, or an error of SQLite */
function examine(database: Database): void {
  try {
    const objects = Number(database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
    const application = Number(database.prepare('PRAGMA application_id').get()?.['application_id']);
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
    // An empty file is a database without anything in it: one may be made before.
    if (objects === 0 && application === 0 && version === 0) return;
    if (application !== APPLICATION_ID) {
      throw new StoreUnusable(
        'The file is a database of something else.',
        'Give the store a file of its own.',
      );
    }
    if (version !== SCHEMA_VERSION) {
      throw new StoreUnusable(
        `The file is of version ${version}, and this package knows version ${SCHEMA_VERSION}.`,
        'Use the package that wrote it, or begin with a new file: all have to sign in again.',
      );
    }
    const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw corrupt();
  } finally {
    database.close();
  }
}

function prepared(database: Database, patience: number): Database {
  try {
    prepare(database, patience);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: Database, patience: number): void {
  database.exec(`PRAGMA busy_timeout = ${patience}`);
  const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
  if (mode !== 'wal' && mode !== 'memory') {
    throw new StoreUnusable(
      `The file can't be used in WAL mode, only in mode ${String(mode)}.`,
      'Put it on a local disk.',
    );
  }
  database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  // Of several processes that begin with a new file, the first makes the tables.
  if (version === 0) database.exec(SCHEMA);
  database.exec('COMMIT');
}

/** Result codes of SQLite, without what extends them (https://sqlite.org/rescode.html). */
const BUSY = 5;
const LOCKED = 6;
const CORRUPT = 11;
const READ_ONLY = 8;
const IO_ERROR = 10;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

function unusable(file: string, error: unknown): unknown {
  switch (resultCode(error)) {
    case NOT_A_DATABASE:
    case CORRUPT:
      return corrupt(error);
    case READ_ONLY:
      return new StoreUnusable(
        'The file, or its folder, is read-only for this process.',
        'Let the process write both: SQLite keeps -wal and -shm files beside it.',
        { cause: error },
      );
    case IO_ERROR:
    case CANNOT_OPEN:
      return new StoreUnusable(
        `The file can't be opened${existsSync(file) ? '' : ' or made'}.`,
        'See that its folder exists and that the process may write there.',
        { cause: error },
      );
    case BUSY:
    case LOCKED:
      return new StoreUnusable(
        'Another process keeps the file locked.',
        'See which one it is; or wait longer, with the option patience.',
        { cause: error },
      );
    default:
      return error;
  }
}

function corrupt(cause?: unknown): StoreUnusable {
  return new StoreUnusable(
    'The file is corrupt, or no SQLite database at all. It was left as it is.',
    'Restore it from a backup, or move it away: with a new file all have to sign in again.',
    cause === undefined ? {} : { cause },
  );
}

/** The primary result code of an error of node:sqlite; undefined for other errors. */
export function resultCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}
