/** Writes a refusal as `application/problem+json` (RFC 9457). The one place that does. */
import { STATUS_CODES } from 'node:http';
import type { Context } from 'koa';

/** What a client is told. Nothing in it may come from a token, a key or an exception. */
export interface Problem {
  /** The HTTP status. */
  status: number;
  /** A stable code for programs. */
  code: string;
  /** One sentence for people. */
  detail?: string | undefined;
  /** Finds the refusal in the log. */
  trace?: string | undefined;
  /** Further response headers; a list becomes one header line each, an empty one none. */
  headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Further members (RFC 9457 §3.2); none of them takes the place of one above. */
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Answers `ctx` with a problem document and `Cache-Control: no-store`.
 *
 * @example
 * ```ts
 * writeProblem(ctx, { status: 404, code: 'not_found', detail: 'There is nothing at this path' });
 * ```
 */
export function writeProblem(ctx: Context, problem: Problem): void {
  ctx.status = problem.status;
  for (const [name, value] of Object.entries(problem.headers ?? {})) {
    if (typeof value === 'string') ctx.set(name, value);
    else if (value.length > 0) ctx.set(name, [...value]);
  }
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'application/problem+json';
  const members = {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    trace: problem.trace,
  };
  ctx.body = JSON.stringify({ ...members, ...problem.extensions, ...members });
}
