/** Serves the OpenAPI document of a server, to those who may see it. */
import type { Context } from 'koa';
import type { AccessOptions } from '../routes/route.js';
import type { OpenApiDocument, OpenApiInfo } from './document.js';

/** Options of `server.openapi()`. */
export interface OpenApiOptions<Names extends string = string> extends AccessOptions<Names>, OpenApiInfo {
  /** Where it is. Default `/openapi.json`. */
  readonly path?: string | undefined;
}

/** The names of the options of `server.openapi()`. */
export const OPENAPI_OPTIONS: readonly string[] = ['auth', 'policy', 'path', 'version', 'description'];

/** The handler. `build` is called at the first request, when every route is registered. */
export function openApiEndpoint(build: () => OpenApiDocument): (ctx: Context) => void {
  let text: string | undefined;
  return (ctx) => {
    text ??= JSON.stringify(build());
    ctx.set('Cache-Control', 'no-store');
    ctx.type = 'application/json';
    ctx.body = text;
  };
}
