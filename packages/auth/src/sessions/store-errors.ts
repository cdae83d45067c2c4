/** The store of sessions is away. */

/**
 * The store did not answer. Whether a token is good is then not known, and nobody is let in: 503 with `Retry-After`
 * (RFC 9110 §10.2.3, §15.6.4), which Koa takes from `status` and `headers`. Its code is none of those that say that a
 * token is bad.
 */
export class SessionsUnavailable extends Error {
  readonly code = 'ERR_SESSIONS_UNAVAILABLE';
  readonly status = 503;
  readonly headers: Readonly<Record<string, string>> = Object.freeze({ 'Retry-After': '1' });
  readonly hint: string;
  readonly fix = 'Try again in a moment. If it stays, see whether the store is up and can be reached.';

  /** @param why a sentence for the log, without any token. */
  constructor(why: string, options?: ErrorOptions) {
    super('the store of sessions is not available', options);
    this.name = 'SessionsUnavailable';
    this.hint = why;
  }
}

/** The store cannot be used as it is, and waiting will not help: a file that is none, a runtime that is too old. */
export class StoreUnusable extends Error {
  readonly code = 'ERR_SESSION_STORE_UNUSABLE';
  readonly hint: string;
  readonly fix: string;

  constructor(hint: string, fix: string, options?: ErrorOptions) {
    super(`${hint} ${fix}`, options);
    this.name = 'StoreUnusable';
    this.hint = hint;
    this.fix = fix;
  }
}
