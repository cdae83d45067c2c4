/** Reads the body of a route that has a schema for it: JSON (RFC 8259) or an HTML form, within the body limit. */
import { parse as parseForm } from 'node:querystring';
import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { refuse } from '../requests/refusals.js';
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
    enableTypes: ['json', 'text'],
    // Its own list of JSON types has no `+json`; what is no JSON comes as text, because qs would nest the names of a form.
    detectJSON: (ctx) => Boolean(ctx.is(...MEDIA_TYPES.json)),
    extendTypes: { text: [...MEDIA_TYPES.form] },
    parsedMethods: [...METHODS_WITH_BODY],
    jsonLimit: String(limit),
    textLimit: String(limit),
    // What kind of JSON it has to be is for the schema to say.
    jsonStrict: false,
  });
  const accepted = types.flatMap((type) => MEDIA_TYPES[type]);
  return async (ctx) => {
    if (isAbsent(ctx)) return 'read';
    if (refuseCoding(ctx) || refuseType(ctx, accepted)) return 'refused';
    try {
      await parse(ctx, async () => {});
    } catch (error) {
      // The parser's error quotes the body, in its message and as a property: it ends here.
      if (error instanceof SyntaxError) return 'malformed';
      throw error;
    }
    const { request } = ctx;
    const raw: unknown = request.rawBody;
    if (ctx.is(...MEDIA_TYPES.form)) request.body = parseForm(typeof raw === 'string' ? raw : '');
    // The parser takes nothing at all for a text of JSON.
    else if (raw === '') return 'malformed';
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
