/** Reads the `Authorization` field of a request (RFC 9110 §11.6.2). */
import type { Context } from 'koa';
import type { Failure } from './scheme.js';
import { SENTENCES } from './sentences.js';

const REPEATED: Failure = Object.freeze({
  failed: true,
  status: 400,
  error: 'invalid_request',
  description: SENTENCES.repeatedAuthorization,
  code: 'repeated_authorization',
  hint: 'The request has more than one Authorization header, and Node.js would silently take the first.',
  fix: 'Send one. Where a proxy adds its own, let it replace the client’s instead.',
});

/** The value of `Authorization`, once and for all schemes; undefined without one, a failure when the field is repeated. */
export function authorization(ctx: Context): string | Failure | undefined {
  const field = ctx.req.headers.authorization;
  return field !== undefined && isRepeated(ctx.req.rawHeaders) ? REPEATED : field;
}

/**
 * What follows the scheme's name in a value of `Authorization`, untouched; undefined when it has no credentials of that
 * scheme. The scheme's name is compared without regard to case (RFC 9110 §11.1).
 */
export function credentials(field: string, scheme: string): string | undefined {
  const name = field.slice(0, scheme.length);
  if (name !== scheme && name.toLowerCase() !== scheme.toLowerCase()) return undefined;
  const rest = field.slice(scheme.length);
  // `Bearer` alone, or followed by what can't be part of a scheme's name, is this scheme's, malformed or not.
  return rest === '' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(rest) ? rest : undefined;
}

/** `rawHeaders` alternates names and values and, unlike `headers`, keeps every field line as it came. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') seen += 1;
  }
  return seen > 1;
}
