/** What token, revocation and introspection endpoints share: parameters, an authenticated client, answers no cache keeps. */
import { isInsecureConnection } from '@tokenwright/auth';
import type { Context, Middleware } from 'koa';
import { errorStatus } from '../requests/error-response.js';
import type { AuthenticateClient } from './client-authentication.js';
import type { Client } from './clients.js';
import { type FormParameters, readParameters } from './form.js';
import { OAuthError, refuseClient, writeOAuthError } from './oauth-error.js';

/** A request whose client is known. */
export interface ClientRequest {
  readonly client: Client;
  readonly parameters: FormParameters;
}

/** Answers such a request. @throws OAuthError to refuse it */
export type AnswerClient = (ctx: Context, request: ClientRequest) => Promise<void> | void;

/** The middleware of an endpoint for clients. All it answers is JSON as of RFC 6749 §5. */
export function clientEndpoint(authenticate: AuthenticateClient, answer: AnswerClient): Middleware {
  return async (ctx) => {
    ctx.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    let client: Client | undefined;
    try {
      if (isInsecureConnection(ctx)) throw overPlainHttp();
      const parameters = await readParameters(ctx);
      client = await authenticate(ctx, parameters);
      await answer(ctx, { client, parameters });
    } catch (error) {
      if (error instanceof OAuthError) refuseClient(ctx, error, client?.id);
      else answerTrouble(ctx, error);
    }
  };
}

/** A parameter that must be there. @throws OAuthError `invalid_request` */
export function required(parameters: FormParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `The parameter ${name} is missing.`);
  return value;
}

/** RFC 6749 §2.3.1 and §3.2: before anything of the request is read. */
function overPlainHttp(): OAuthError {
  return new OAuthError(
    'invalid_request',
    'Credentials are accepted over HTTPS only.',
    'The request came over plain HTTP, or through a proxy that is not trusted or does not say https. Serve it over HTTPS, and name a proxy that ends TLS in .security({ trustedProxies }).',
    'insecure_connection',
  );
}

/** Trouble of the server's own. Of a body that was cut, or a client that has gone, the server takes care itself. */
function answerTrouble(ctx: Context, error: unknown): void {
  if (errorStatus(error) < 500 || ctx.headerSent || !ctx.writable) throw error;
  ctx.app.emit('error', error, ctx);
  const { status, headers } = error as { status?: unknown; headers?: Readonly<Record<string, string>> };
  if (status !== 503) {
    writeOAuthError(ctx, 500, 'server_error', 'The server failed.');
    return;
  }
  const retryAfter = headers?.['Retry-After'];
  if (retryAfter !== undefined) ctx.set('Retry-After', retryAfter);
  writeOAuthError(ctx, 503, 'temporarily_unavailable', 'The server cannot answer now.');
}
