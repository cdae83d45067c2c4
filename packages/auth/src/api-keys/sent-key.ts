/** Finds the API key in a request: in the header, or in the query where that was asked for. */
import type { Context } from 'koa';
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';

/** Where keys may stand. */
export interface KeyPlaces {
  /** Names of header fields, in lower case. */
  readonly headers: readonly string[];
  /** Name of a query parameter. */
  readonly query: string | undefined;
}

/** Printable, without the comma that joins repeated fields. */
const KEY_VALUE = /^[\x21-\x2b\x2d-\x7e]{1,512}$/;

const REPEATED = failure('repeated_api_key', SENTENCES.repeatedApiKey, {
  hint: 'The request has an API key more than once: in two header lines, two places, or twice in the query.',
  fix: 'Send it once.',
});

const MALFORMED = failure('malformed_api_key', SENTENCES.malformedApiKey, {
  hint: 'The value is empty, or has a blank, a comma or a character that no key has.',
  fix: 'Send the key as it was given, alone.',
});

/** The key; undefined when there is none; a failure when there are several, or what stands there can't be one. */
export function sentKey(ctx: Context, places: KeyPlaces): string | Failure | undefined {
  const found = inHeaders(ctx.req.rawHeaders, places.headers);
  if (places.query !== undefined) {
    const queried = takenFromQuery(ctx, places.query);
    if (queried.length > 0) {
      ctx.set('Cache-Control', 'private, no-store');
      found.push(...queried);
    }
  }
  const [key] = found;
  if (key === undefined) return undefined;
  if (found.length > 1) return REPEATED;
  if (key.includes(',')) return REPEATED;
  return KEY_VALUE.test(key) ? key : MALFORMED;
}

/** `rawHeaders` alternates names and values and, unlike `headers`, keeps every field line as it came. */
function inHeaders(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const found: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (names.includes(rawHeaders[i]?.toLowerCase() ?? '')) found.push(rawHeaders[i + 1] ?? '');
  }
  return found;
}

/** Takes the parameter's values out of the URL, so that no log that is written afterwards has them. */
function takenFromQuery(ctx: Context, name: string): string[] {
  const url = ctx.req.url ?? '';
  const start = url.indexOf('?');
  if (start === -1) return [];
  const found: string[] = [];
  const rest = url
    .slice(start + 1)
    .split('&')
    .map((pair) => {
      const [[key, value] = ['', '']] = new URLSearchParams(pair);
      if (key !== name) return pair;
      found.push(value);
      return `${name}=***`;
    });
  if (found.length > 0) {
    ctx.req.url = `${url.slice(0, start)}?${rest.join('&')}`;
    ctx.originalUrl = ctx.req.url;
    ctx.request.originalUrl = ctx.req.url;
    // Koa keeps what `ctx.URL` was made of, if anybody has looked at it already.
    (ctx.request as { memoizedURL?: unknown }).memoizedURL = undefined;
  }
  return found;
}

function failure(code: string, description: string, words: { hint: string; fix: string }): Failure {
  return Object.freeze({ failed: true, status: 400, error: 'invalid_request', description, code, ...words });
}
