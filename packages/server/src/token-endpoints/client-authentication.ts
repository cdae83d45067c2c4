/** Client authentication (RFC 6749 §2.3): which client sends a request, and whether it proves it. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';
import { type Client, type ClientAuthenticationMethod, type FindClient, secretHash } from './clients.js';
import { decodeFormComponent, type FormParameters } from './form.js';
import { OAuthError } from './oauth-error.js';

/** Finds out who sends a request. @throws OAuthError `invalid_client` or `invalid_request` */
export type AuthenticateClient = (ctx: Context, parameters: FormParameters) => Promise<Client>;

/** What a request says of its client. */
interface Presented {
  readonly method: ClientAuthenticationMethod;
  readonly id: string;
  readonly secret: string;
}

/** RFC 7617 §2: `user-pass` as base64 with its padding; the name of the scheme is compared without regard to case. */
const BASIC = /^basic +((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/i;

/** What a secret is compared with where there is none to compare with. Nobody knows what it would be the hash of. */
const NOBODY = randomBytes(32);

/**
 * Client authentication against registered clients. A client has one method and no other is taken from it, not even with
 * the right secret; a request uses one method only. For an unknown client the same is computed as for a known one, and every
 * failure has the same answer.
 */
export function clientAuthentication(find: FindClient): AuthenticateClient {
  return async (ctx, parameters) => {
    const presented = presentedBy(ctx, parameters);
    const client = await find(presented.id);
    const hash = secretHash(presented.secret);
    const matches = timingSafeEqual(hash, client?.secretHash ?? NOBODY);
    if (client === undefined) throw failed('no such client');
    if (client.authentication !== presented.method)
      throw failed(`the client is registered for ${client.authentication}, not ${presented.method}`);
    if (client.authentication !== 'none' && !matches) throw failed('another secret');
    return client;
  };
}

/** @throws OAuthError for none, several or malformed ones */
function presentedBy(ctx: Context, parameters: FormParameters): Presented {
  const { authorization } = ctx.req.headers;
  const id = parameters.get('client_id');
  const secret = parameters.get('client_secret');
  // Said to be an assertion (RFC 7521 §4.2), it is not to be taken for a request without one.
  if (parameters.has('client_assertion') || parameters.has('client_assertion_type'))
    throw failed('client assertions are not supported');
  if (authorization !== undefined) {
    if (isRepeated(ctx.req.rawHeaders))
      throw new OAuthError('invalid_request', 'There must be one Authorization header field only.');
    if (secret !== undefined)
      throw new OAuthError('invalid_request', 'A client must authenticate in one way only.');
    const pair = basicPair(authorization);
    if (id !== undefined && id !== pair.id)
      throw new OAuthError('invalid_request', 'The request names two clients.');
    return pair;
  }
  if (id === undefined) throw failed('no client authentication');
  return secret === undefined
    ? { method: 'none', id, secret: '' }
    : { method: 'client_secret_post', id, secret };
}

/** Id and secret are form-encoded before they are joined (RFC 6749 §2.3.1), so an id with a colon is no riddle. */
function basicPair(authorization: string): Presented {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) throw failed('the Authorization header field is not Basic and base64');
  const text = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  const id = decodeFormComponent(text.slice(0, colon));
  const secret = decodeFormComponent(text.slice(colon + 1));
  if (colon === -1 || id === undefined || secret === undefined)
    throw failed('id and secret are not form-encoded and joined by a colon (RFC 6749 §2.3.1)');
  return { method: 'client_secret_basic', id, secret };
}

/** `headers` has the first of several only. */
function isRepeated(rawHeaders: readonly string[]): boolean {
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'authorization').length > 1;
}

function failed(hint: string): OAuthError {
  return new OAuthError('invalid_client', 'The client is not authenticated.', hint);
}
