/** The contract about crashes: whichever call of an operation a process dies before or after, nothing is half done. */
import { equal, ok } from 'node:assert/strict';
import type { Sessions } from '../sessions.js';
import type { SessionStore } from '../store.js';
import {
  type Bench,
  type ContractCase,
  claimsIn,
  contractCase,
  type OpenStore,
  refreshed,
  sessionsOver,
} from './contract-case.js';

const SENTENCES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'a refresh that dies at any step can be asked for again and gives one successor': async (bench) => {
    await atEveryStep(bench, async (dying, { login }) => {
      const { refreshToken, session } = await login.signIn({ subject: 'alice' });
      await dying.refresh(refreshToken).catch(ignored);
      const successor = await refreshed(login, refreshToken);
      ok(successor.startsWith(`${session.id}.`));
      equal(await refreshed(login, refreshToken), successor);
      ok((await refreshed(login, successor)).startsWith(`${session.id}.`));
    });
  },
  'a sign-in that dies at any step harms no other session': async (bench) => {
    await atEveryStep(bench, async (dying, { login }) => {
      const before = await login.signIn({ subject: 'alice' });
      await dying.signIn({ subject: 'alice' }).catch(ignored);
      ok((await refreshed(login, before.refreshToken)).includes('.'));
      ok((await login.list('alice')).some(({ id }) => id === before.session.id));
    });
  },
  'a revocation that dies at any step can be made again and then holds': async (bench) => {
    for (const revoke of REVOCATIONS) {
      await atEveryStep(bench, async (dying, { login, store }) => {
        const issued = await login.signIn({ subject: 'alice' });
        await revoke(dying, claimsIn(issued)).catch(ignored);
        await revoke(login, claimsIn(issued));
        equal(await store.isRevoked(claimsIn(issued)), true);
      });
    }
  },
  'a theft that is found out while the process dies is found out again': async (bench) => {
    await atEveryStep(bench, async (dying, { login, store, clock }) => {
      const issued = await login.signIn({ subject: 'alice' });
      const second = await login.refresh(issued.refreshToken);
      clock.move(60_000);
      await dying.refresh(issued.refreshToken).catch(ignored);
      ok(['reused', 'ended'].includes(await refreshed(login, issued.refreshToken)));
      equal(await refreshed(login, second.refreshToken), 'ended');
      equal(await store.isRevoked(claimsIn(second)), true);
    });
  },
};

const REVOCATIONS: readonly ((login: Sessions, claims: ReturnType<typeof claimsIn>) => Promise<unknown>)[] = [
  (login, claims) => login.revokeToken(claims),
  (login, { sid }) => login.revokeSession(sid),
  (login, { sub }) => login.revokeSubject(sub),
  (login) => login.revokeAll(),
];

/** The contract about crashes. */
export function crashCases(open: OpenStore): readonly ContractCase[] {
  return Object.entries(SENTENCES).map(([name, holds]) => contractCase(open, name, holds));
}

/** Runs it once for every call that the dying sessions make, with the death before the call and after it. */
async function atEveryStep(
  bench: Bench,
  run: (dying: Sessions, bench: Bench) => Promise<void>,
): Promise<void> {
  for (const when of ['before', 'after'] as const) {
    for (let step = 1; ; step += 1) {
      const { store, died } = dyingStore(bench.store, step, when);
      await run(sessionsOver(store, bench.clock), bench);
      if (!died()) break;
    }
  }
}

/** A store whose process dies at its call number `step`: the call is not made, or its answer is lost. */
function dyingStore(
  store: SessionStore,
  step: number,
  when: 'before' | 'after',
): { store: SessionStore; died: () => boolean } {
  let calls = 0;
  const dying = new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        calls += 1;
        if (calls > step || (calls === step && when === 'before')) throw new Error('the process has died');
        const answer: unknown = await Reflect.apply(method, target, args);
        if (calls === step) throw new Error('the process has died');
        return answer;
      };
    },
  });
  return { store: dying, died: () => calls >= step };
}

function ignored(): void {}
