/**
 * What is used of node:sqlite. Its own types would stand in the declarations of this package, and the types of releases of
 * Node.js that do not have it know nothing of them.
 */

/** A value as SQLite takes and gives it. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** A row as SQLite gives it. */
export type Row = Record<string, SqlValue>;

/** An open database, a `DatabaseSync`. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement, a `StatementSync`. */
export interface Statement {
  run(...values: SqlValue[]): unknown;
  get(...values: SqlValue[]): Row | undefined;
  all(...values: SqlValue[]): Row[];
}
