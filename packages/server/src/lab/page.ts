/** The files of the lab's page, read once. They are built by `apps/token-lab` and copied here by this package's build. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Context } from 'koa';
import { refuse } from '../requests/refusals.js';

/** The same folder whether this file runs from `src` or from `dist`. */
const FOLDER = new URL('../../dist/lab/page/', import.meta.url);
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
const HASHED = /-[\w-]{8,}\.(?:js|css)$/;

/** Answers with the page and its files. */
export interface LabPage {
  index(ctx: Context): void;
  file(ctx: Context, name: string): void;
}

/** @throws TypeError when the package was not built. */
export function labPage(): LabPage {
  const files = read();
  const send = (ctx: Context, name: string): void => {
    const body = files.get(name);
    if (body === undefined) {
      refuse(ctx, 404);
      return;
    }
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    // The name of a built file changes with what is in it.
    ctx.set('Cache-Control', HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache');
    ctx.type = name.slice(name.lastIndexOf('.'));
    ctx.body = body;
  };
  return {
    index(ctx) {
      ctx.set('Content-Security-Policy', POLICY);
      ctx.set('Referrer-Policy', 'no-referrer');
      ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
      send(ctx, 'index.html');
    },
    file(ctx, name) {
      if (name === 'index.html') refuse(ctx, 404);
      else send(ctx, name);
    },
  };
}

function read(): ReadonlyMap<string, Buffer> {
  try {
    return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER))]));
  } catch (cause) {
    throw new TypeError('tokenLab(): its page was not built. Run the build of @tokenwright/server.', {
      cause,
    });
  }
}
