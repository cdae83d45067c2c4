/** Reads the body of a route that has a schema for it: JSON (RFC 8259) or an HTML form, within the body limit. */
import { parse as parseForm } from 'node:querystring';
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { refuse } from '../requests/refusals.js';
import { parseJson } from './json-text.js';
import type { BodyType } from './route.js';

/** What a body type is called on the wire, for `ctx.is()`, `Accept` and OpenAPI. */
export const MEDIA_TYPES: Readonly<Record<BodyType, readonly string[]>> = Object.freeze({
  json: Object.freeze(['application/json', 'application/*+json']),
  form: Object.freeze(['application/x-www-form-urlencoded']),
});

/** The methods whose content has a meaning (RFC 9110 §9.3). */
export const METHODS_WITH_BODY: readonly string[] = Object.freeze(['POST', 'PUT', 'PATCH']);

/** A body that was read; one that is no JSON; or a request that was refused. */
export type BodyReading = 'read' | 'malformed' | 'refused';

/** Puts the parsed body on `ctx.request.body`, where it then is for the handler too. */
export type ReadBody = (ctx: Context) => Promise<BodyReading>;

/**
 * The reader for a route.
 *
 * A compressed body is refused (415): what it unpacks to would have to be counted too, and no client needs it here.
 *
 * @param limit - bytes
 */
export function bodyReader(types: readonly BodyType[], limit: number): ReadBody {
  const parse = bodyParser({
    // All of it as bytes, a character each: decoded by the parser, bytes that are no UTF-8 would be mended without a word.
    enableTypes: ['text'],
    encoding: 'latin1',
    extendTypes: { text: [...MEDIA_TYPES.json, ...MEDIA_TYPES.form] },
    parsedMethods: [...METHODS_WITH_BODY],
    textLimit: String(limit),
  });
  const accepted = types.flatMap((type) => MEDIA_TYPES[type]);
  return async (ctx) => {
    if (isAbsent(ctx)) return 'read';
    if (refuseCoding(ctx) || refuseType(ctx, accepted)) return 'refused';
    await parse(ctx, async () => {});
    const { request } = ctx;
    const raw: unknown = request.rawBody;
    const bytes = Buffer.from(typeof raw === 'string' ? raw : '', 'latin1');
    request.rawBody = bytes.toString('utf8');
    // Not with qs, which would nest the names of a form.
    if (ctx.is(...MEDIA_TYPES.form)) request.body = parseForm(request.rawBody);
    else {
      try {
        request.body = parseJson(bytes);
      } catch {
        // The error may quote the body: it ends here.
        return 'malformed';
      }
    }
    return 'read';
  };
}

function refuseCoding(ctx: Context): boolean {
  const coding = ctx.get('content-encoding');
  if (coding === '' || coding.toLowerCase() === 'identity') return false;
  refuse(ctx, 415, {
    detail: 'The body must not be compressed.',
    headers: { 'Accept-Encoding': 'identity' },
  });
  return true;
}

/** RFC 9110 §15.5.16: the answer says what would have been taken. */
function refuseType(ctx: Context, accepted: readonly string[]): boolean {
  if (ctx.is(...accepted)) return false;
  refuse(ctx, 415, {
    detail: `The body has to be sent as ${accepted.join(' or ')}.`,
    headers: { Accept: accepted.join(', ') },
  });
  return true;
}

/** No body at all, and no word of one: whether that will do is for the schema to say. */
function isAbsent(ctx: Context): boolean {
  const { 'content-length': length, 'transfer-encoding': coding, 'content-type': type } = ctx.req.headers;
  return type === undefined && coding === undefined && (length === undefined || Number(length) === 0);
}
