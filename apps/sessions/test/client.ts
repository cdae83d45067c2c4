/** A client of the app: what somebody's own application does. */
import type { Answer, AppProcess } from '../../../tools/testing/app-process.ts';

/** What signing in and refreshing give. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export function signIn(app: AppProcess, device = 'a test', userPass = 'admin:password'): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(userPass).toString('base64')}`;
  return app.ask('/sign-in', { method: 'POST', headers: { authorization, 'user-agent': device } });
}

export function refresh(app: AppProcess, refreshToken: string): Promise<Answer> {
  const form = { grant_type: 'refresh_token', client_id: 'app', refresh_token: refreshToken };
  return app.ask('/oauth/token', { method: 'POST', form });
}

export function withToken(app: AppProcess, token: string, path: string, method = 'GET'): Promise<Answer> {
  return app.ask(path, { method, headers: { authorization: `Bearer ${token}` } });
}

/** The tokens of an answer that has some. */
export function tokensOf({ status, text }: Answer): Tokens {
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return JSON.parse(text) as Tokens;
}
