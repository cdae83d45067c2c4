/** Parameters in `application/x-www-form-urlencoded` (RFC 6749 Appendix B), read strictly. */
import type { Context } from 'koa';
import { OAuthError } from './oauth-error.js';

/** The parameters of a request. A map, so that one named `__proto__` is a parameter like any other. */
export type FormParameters = ReadonlyMap<string, string>;

const FORM = 'application/x-www-form-urlencoded';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The parameters in the body of a request. One without a value counts as absent (RFC 6749 §3.2).
 *
 * @throws OAuthError `invalid_request` for parameters in the URI, another media type, a compressed or malformed body, and
 * a parameter that is repeated (RFC 6749 §3.2)
 */
export async function readParameters(ctx: Context): Promise<FormParameters> {
  // RFC 6749 §2.3.1: credentials must not stand in the URI, which ends in logs; tokens had better not either.
  if (ctx.querystring !== '') throw invalid('Parameters must be sent in the body.');
  const coding = ctx.get('content-encoding').toLowerCase();
  if (coding !== '' && coding !== 'identity') throw invalid('The body must not be compressed.');
  const type = ctx.is(FORM);
  if (type === null) return new Map();
  if (type === false) throw invalid(`The body has to be sent as ${FORM}.`);
  return parseForm(await readText(ctx));
}

/** One name or value of a form; undefined when an escape is malformed or the bytes are not UTF-8. */
export function decodeFormComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parseForm(text: string): FormParameters {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeFormComponent(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? '' : decodeFormComponent(pair.slice(equals + 1));
    if (name === undefined || value === undefined) throw invalid('The body is not properly form-encoded.');
    if (seen.has(name)) throw invalid('A parameter must not be repeated.');
    seen.add(name);
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

/** The server's body limit counts the bytes on their way and ends the stream of a longer body. */
async function readText(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req) chunks.push(chunk as Buffer);
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch {
    throw invalid('The body is not properly form-encoded.');
  }
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description);
}
