/** What a case of the contract is given: a store, a clock to move, and sessions over both. */
import { type IssuedSession, type Sessions, sessions } from '../sessions.js';
import type { AccessTokenBuilder } from '../settings.js';
import type { SessionStore } from '../store.js';

/** Opens an empty store, with this clock. */
export type OpenStore = (clock: () => number) => Promise<OpenedStore>;

/** A store under test. */
export interface OpenedStore {
  readonly store: SessionStore;
  /** Opens the same data as another process does; absent where a store is of one process alone. */
  readonly another?: () => Promise<SessionStore>;
  /** Removes the data, after all that was opened was closed. */
  readonly remove?: () => Promise<void>;
}

/** One sentence of the contract. `run` rejects with an `AssertionError` where a store does not hold it. */
export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a case works with. */
export interface Bench {
  readonly store: SessionStore;
  /** The same data as another process sees it, or the same store. */
  readonly other: SessionStore;
  readonly clock: MovableClock;
  /** Sessions over `store`. */
  readonly login: Sessions;
  /** Sessions over `other`. */
  readonly elsewhere: Sessions;
}

/** A clock that stands until it is moved. */
export interface MovableClock {
  now: number;
  move(milliseconds: number): void;
}

/** The lengths that the sessions of the contract have, in milliseconds. */
export const GRACE = 10_000;
export const IDLE = 1_800_000;
export const ABSOLUTE = 43_200_000;

/** A case: a name and what has to hold. */
export function contractCase(
  open: OpenStore,
  name: string,
  holds: (bench: Bench) => Promise<void>,
): ContractCase {
  return {
    name,
    async run() {
      const clock: MovableClock = {
        now: 1_700_000_000_000,
        move(milliseconds) {
          clock.now += milliseconds;
        },
      };
      const opened = await open(() => clock.now);
      const other = (await opened.another?.()) ?? opened.store;
      try {
        const { store } = opened;
        await holds({
          store,
          other,
          clock,
          login: sessionsOver(store, clock),
          elsewhere: sessionsOver(other, clock),
        });
      } finally {
        if (other !== opened.store) await other.close();
        await opened.store.close();
        await opened.remove?.();
      }
    },
  };
}

/** Sessions as the contract configures them. */
export function sessionsOver(store: SessionStore, clock: MovableClock): Sessions {
  return sessions({
    store,
    jwt: unsigned({}, clock),
    grace: GRACE / 1000,
    idle: IDLE / 1000,
    absolute: ABSOLUTE / 1000,
    clock: () => clock.now,
  });
}

let built = 0;

/** Access tokens that are their own claims: a store has nothing to do with signatures. */
function unsigned(claims: Readonly<Record<string, unknown>>, clock: MovableClock): AccessTokenBuilder {
  return {
    subject: (sub) => unsigned({ ...claims, sub }, clock),
    claims: (more) => unsigned({ ...claims, ...more }, clock),
    expiresAt: (at) => unsigned({ ...claims, exp: Math.floor(at.getTime() / 1000) }, clock),
    build: async () => {
      built += 1;
      const iat = Math.floor(clock.now / 1000);
      const expiresAt = new Date((claims['exp'] as number) * 1000);
      return { token: JSON.stringify({ ...claims, iat, jti: `token-${built}` }), expiresAt, expiresIn: 1 };
    },
  };
}

/** The claims in an access token of the contract. */
export function claimsIn({ token }: IssuedSession): { sid: string; sub: string; jti: string; exp: number } {
  return JSON.parse(token);
}

/** What a refresh came to: its successor, or the reason why it was refused. */
export async function refreshed(login: Sessions, refreshToken: string): Promise<string> {
  try {
    return (await login.refresh(refreshToken)).refreshToken;
  } catch (error) {
    const { reason } = error as { reason?: string };
    if (reason === undefined) throw error;
    return reason;
  }
}

/** Runs it so many times at once, on the one store and the other in turn. */
export function atOnce<T>(
  times: number,
  { login, elsewhere }: Bench,
  work: (on: Sessions) => Promise<T>,
): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, index) => work(index % 2 === 0 ? login : elsewhere)));
}

/** Waits until it is so. @throws Error when it is not within two seconds. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 5) {
    if (waited > 2000) throw new Error(`${what}: not within two seconds`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
