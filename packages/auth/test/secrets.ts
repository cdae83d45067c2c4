/** A secret that is told to an application in every way, and where it must not turn up. */
import { inspect } from 'node:util';
import type Koa from 'koa';
import { expect } from 'vitest';
import { type AuditEvent, auditOf } from '../src/index.js';
import { type Answer, type RunningApp, serve } from './koa-app.ts';

/** Letters that occur nowhere by chance, whole or in base64. */
export const MARKER = 'MARKERzQ7secretMARKER';

/** Every spelling in which a leaked secret could stand somewhere. */
export function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
  ];
}

/** A running application with all that it told its audit. */
export interface AuditedApp extends RunningApp {
  readonly events: AuditEvent[];
}

export async function serveAudited(configure: (koa: Koa) => void): Promise<AuditedApp> {
  const events: AuditEvent[] = [];
  const app = await serve((koa) => {
    auditOf(koa).on('audit', (event) => events.push(event));
    configure(koa);
  });
  return Object.assign(app, { events });
}

/** Everything that leaves the package: to the client, and to the log through the events. */
export function published(app: RunningApp & { events?: AuditEvent[] }, answer: Answer): string {
  const told = [app.refusals, app.events ?? []];
  return [
    answer.body,
    JSON.stringify(answer.headers),
    answer.challenges.join('\n'),
    JSON.stringify(told),
    inspect(told, { depth: null, showHidden: true }),
  ].join('\n');
}

/** All of an error that a log may print. */
export function printed(error: unknown): string {
  return [
    String(error),
    JSON.stringify(error),
    (error as Error).stack,
    inspect(error, { depth: null, showHidden: true }),
  ].join('\n');
}

export function expectNowhere(secrets: readonly string[], text: string): void {
  for (const secret of secrets) {
    for (const spelling of spellings(secret)) expect(text).not.toContain(spelling);
  }
}
