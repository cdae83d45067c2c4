/** Real sessions over a store in memory, which can be away. */
import {
  type AccessClaims,
  type IssuedSession,
  memory,
  type RefreshOptions,
  type SessionInfo,
  type SessionStore,
  type Sessions,
  sessions,
} from '@tokenwright/auth/sessions';
import type { JwtBuilder } from '@tokenwright/jwt';
import type { TokenSessions } from '../../src/index.js';

/** What `tokenEndpoints` takes, with signing in for a test in three words. */
export class SessionsOfTest implements TokenSessions {
  /** Every call of the store rejects with it, as when it is away. */
  trouble: Error | undefined;
  readonly #login: Sessions;

  constructor(jwt: JwtBuilder, clock: () => number) {
    this.#login = sessions({ store: this.#storeThatCanBeAway(memory({ clock })), jwt, clock });
  }

  readonly isRevoked = (claims: AccessClaims): boolean | Promise<boolean> => this.#login.isRevoked(claims);

  signIn(subject: string, client: string, scopes: readonly string[]): Promise<IssuedSession> {
    return this.#login.signIn({ subject, client, scopes });
  }

  refresh(token: string, options: RefreshOptions): Promise<IssuedSession> {
    return this.#login.refresh(token, options);
  }

  find(token: string): Promise<SessionInfo | undefined> {
    return this.#login.find(token);
  }

  revoke(token: string, options: Pick<RefreshOptions, 'client'>): Promise<SessionInfo | undefined> {
    return this.#login.revoke(token, options);
  }

  revokeToken(claims: AccessClaims): Promise<void> {
    return this.#login.revokeToken(claims);
  }

  #storeThatCanBeAway(store: SessionStore): SessionStore {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          if (this.trouble === undefined) return Reflect.apply(method, target, args);
          return name === 'isRevokedLocally' ? undefined : Promise.reject(this.trouble);
        };
      },
    });
  }
}
