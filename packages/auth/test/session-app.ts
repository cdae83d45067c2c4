/** An application with a session in a cookie, at a time that the test moves. */
import { JwtBuilder } from '@tokenwright/jwt';
import type Koa from 'koa';
import { authenticate, type CookieOptions, cookie, type SessionScheme } from '../src/index.js';
import { type Answer, ask, type Question, type RunningApp, serve } from './koa-app.ts';
import { NOON } from './tokens.ts';

/** The name of the cookie, where a test sets no other. */
export const NAME = '__Host-session';

/** A running application with its session, and a clock to be moved. */
export interface SessionApp extends RunningApp {
  readonly session: SessionScheme;
  /** The answer to `POST /login`. */
  login(): Promise<Answer>;
  /** Moves the time on. */
  pass(seconds: number): void;
  readonly now: () => number;
}

/** Times and keys of a builder at a time that moves. */
export function builderOf(clock: () => number, text = 'a key for sessions of 256 bits or more'): JwtBuilder {
  return new JwtBuilder()
    .issuer('KestrunApi')
    .audience('KestrunClients')
    .signWith({ text }, 'HS256')
    .clock(clock);
}

/**
 * `/login` signs a user in, `/logout` signs out, `/csrf` gives the token, everything else answers the user's name and
 * needs the session. By GET as well as by POST: what may not be is for the scheme to refuse.
 */
export async function serveSession(
  options: Partial<CookieOptions<JwtBuilder>> = {},
  configure: (app: Koa) => void = () => undefined,
): Promise<SessionApp> {
  let now = NOON * 1000;
  const clock = () => now;
  const session = cookie({ jwt: builderOf(clock), clock, ...options });
  const app = await serve((koa) => {
    configure(koa);
    koa.use(async (ctx, next) => {
      if (ctx.path === '/login') {
        await session.signIn(ctx, {
          subject: 'ada',
          name: 'Ada',
          roles: ['admin'],
          scopes: ['read', 'write'],
        });
        ctx.body = 'in';
      } else if (ctx.path === '/logout') {
        await session.signOut(ctx);
        ctx.body = 'out';
      } else await next();
    });
    koa.use(authenticate(session));
    koa.use((ctx) => {
      ctx.body = ctx.path === '/csrf' ? session.csrfToken(ctx) : ctx.state['auth'].name;
    });
  });
  const login = (): Promise<Answer> => ask(app, { method: 'POST', path: '/login', headers: own(app) });
  return Object.assign(app, {
    session: session as SessionScheme,
    login,
    now: clock,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
  });
}

/** What a browser adds to a POST of a page of this site. */
export function own(app: RunningApp): Record<string, string> {
  return { origin: `http://127.0.0.1:${app.port}` };
}

/** The whole `Set-Cookie` line of an answer; undefined when there is none. */
export function setCookieOf(answer: Answer): string | undefined {
  const lines = answer.headers['set-cookie'] as string[] | undefined;
  if (lines !== undefined && lines.length !== 1) throw new Error(`${lines.length} cookies`);
  return lines?.[0];
}

/** `name=value` of the cookie that an answer sets. */
export function cookieOf(answer: Answer): string {
  const line = setCookieOf(answer);
  if (line === undefined) throw new Error(`no cookie: ${answer.status} ${answer.body}`);
  return line.split(';')[0] ?? '';
}

/** A request with a cookie. */
export function askWith(app: RunningApp, cookie: string, question: Question = {}): Promise<Answer> {
  return ask(app, { ...question, headers: { cookie, ...question.headers } });
}
