/** The tokens that passed through the lab's own requests: their hashes only, and the last few hundred only. */
import { createHash } from 'node:crypto';
import type { Context, Next } from 'koa';
import { isLabRequest } from './local-page.js';

const MOST = 256;
const BEARER = /^Bearer +(\S+) *$/i;

/** Remembers tokens, forgetting the oldest first. */
export class PassedTokens {
  readonly #hashes = new Set<string>();

  /** Middleware: remembers what a request of the lab sends, and the token it is answered. */
  async watch(ctx: Context, next: Next): Promise<void> {
    if (!isLabRequest(ctx)) return next();
    this.#add(BEARER.exec(ctx.get('Authorization'))?.[1]);
    await next();
    this.#add((ctx.body as { access_token?: unknown } | null | undefined)?.access_token);
  }

  has(token: string): boolean {
    return this.#hashes.has(hash(token));
  }

  #add(token: unknown): void {
    if (typeof token !== 'string') return;
    const fresh = hash(token);
    this.#hashes.delete(fresh);
    this.#hashes.add(fresh);
    const [oldest] = this.#hashes;
    if (this.#hashes.size > MOST && oldest !== undefined) this.#hashes.delete(oldest);
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
