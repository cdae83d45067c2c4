/** What `signIn` and `signOut` throw when a request may not do that. */
import type { Refusal } from '../refusal.js';
import type { PublicErrorCode } from '../scheme.js';

/**
 * A sign-in or sign-out that was refused. Koa and most error handlers answer it with its status. It was reported as a
 * `refusal` already, under the same trace.
 */
export class SessionRefused extends Error {
  readonly status = 403;
  readonly code: PublicErrorCode;
  /** Finds the refusal in the log. */
  readonly trace: string;
  /** Whether the message is for the client, and the matter not worth Koa's error log. */
  readonly expose: boolean;
  constructor(refusal: Refusal, message: string, expose: boolean) {
    super(message);
    this.name = 'SessionRefused';
    this.code = refusal.code;
    this.trace = refusal.trace;
    this.expose = expose;
  }
}
