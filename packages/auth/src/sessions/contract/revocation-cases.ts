/** The contract about revocation: one token, one session, one subject, all; everywhere, and for good. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { IssuedSession } from '../sessions.js';
import {
  ABSOLUTE,
  atOnce,
  type Bench,
  type ContractCase,
  claimsIn,
  contractCase,
  eventually,
  IDLE,
  type OpenStore,
  refreshed,
} from './contract-case.js';

const SENTENCES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'one token is revoked and its session goes on': async ({ login, elsewhere }) => {
    const first = await login.signIn({ subject: 'alice' });
    await login.revokeToken(claimsIn(first));
    equal(await elsewhere.isRevoked(claimsIn(first)), true);
    const second = await elsewhere.refresh(first.refreshToken);
    equal(await login.isRevoked(claimsIn(second)), false);
  },
  'one session is revoked with all its tokens and no other is': async ({ login, elsewhere, store }) => {
    const [one, other] = [await login.signIn({ subject: 'alice' }), await login.signIn({ subject: 'alice' })];
    const second = await login.refresh(one.refreshToken);
    await elsewhere.revokeSession(one.session.id);
    for (const dead of [one, second]) {
      equal(await store.isRevoked(claimsIn(dead)), true);
      equal(await refreshed(login, dead.refreshToken), 'ended');
    }
    equal(await store.isRevoked(claimsIn(other)), false);
    deepEqual(
      (await login.list('alice')).map(({ id }) => id),
      [other.session.id],
    );
    ok((await refreshed(login, other.refreshToken)).includes('.'));
  },
  'a session that the store does not know is revoked all the same': async ({ login, store }) => {
    await login.revokeSession(`0_${'x'.repeat(22)}`);
    equal(await store.isRevoked({ sid: `0_${'x'.repeat(22)}` }), true);
  },
  'a session is revoked by its refresh token, spent or not, and by no made-up one': async ({ login }) => {
    for (const spent of [true, false]) {
      const { refreshToken, session } = await login.signIn({ subject: 'alice' });
      const successor = await refreshed(login, refreshToken);
      await login.revoke(`${session.id}.${'A'.repeat(68)}`);
      equal((await login.list('alice')).length, 1);
      await login.revoke(spent ? refreshToken : successor);
      equal(await refreshed(login, successor), 'ended');
    }
  },
  'a subject is revoked on all devices, and can sign in again in the same millisecond': async ({
    login,
    elsewhere,
    store,
  }) => {
    const old = [await login.signIn({ subject: 'alice' }), await elsewhere.signIn({ subject: 'alice' })];
    const bob = await login.signIn({ subject: 'bob' });
    await elsewhere.revokeSubject('alice');
    const fresh = await login.signIn({ subject: 'alice' });
    for (const dead of old) {
      equal(await store.isRevoked(claimsIn(dead)), true);
      equal(await refreshed(login, dead.refreshToken), 'ended');
      equal(await login.find(dead.refreshToken), undefined);
    }
    for (const alive of [bob, fresh]) {
      equal(await store.isRevoked(claimsIn(alive)), false);
      ok((await refreshed(elsewhere, alive.refreshToken)).includes('.'));
    }
    deepEqual(
      (await login.list('alice')).map(({ id }) => id),
      [fresh.session.id],
    );
  },
  'all are revoked, and everybody can sign in again': async ({ login, elsewhere, store }) => {
    const old = [await login.signIn({ subject: 'alice' }), await login.signIn({ subject: 'bob' })];
    await login.revokeAll();
    const fresh = await elsewhere.signIn({ subject: 'alice' });
    for (const dead of old) {
      equal(await store.isRevoked(claimsIn(dead)), true);
      equal(await refreshed(elsewhere, dead.refreshToken), 'ended');
    }
    equal(await store.isRevoked(claimsIn(fresh)), false);
    ok((await refreshed(login, fresh.refreshToken)).includes('.'));
    deepEqual(await login.list('bob'), []);
  },
  'subjects with odd names are told apart': async ({ login, store }) => {
    const names = ['__proto__', 'all', 'a:b', 'a', '{a}', 'A', 'ä', '👤', ' a', 'x'.repeat(3000)];
    const issued = new Map<string, Awaited<ReturnType<typeof login.signIn>>>();
    for (const subject of names) issued.set(subject, await login.signIn({ subject }));
    await login.revokeSubject('__proto__');
    await login.revokeSubject('a:b');
    for (const [subject, one] of issued) {
      const dead = subject === '__proto__' || subject === 'a:b';
      equal(await store.isRevoked(claimsIn(one)), dead);
      equal((await login.list(subject)).length, dead ? 0 : 1);
    }
  },
  'a sign-in that began before its subject was revoked never comes alive': async ({
    login,
    store,
    clock,
  }) => {
    const { session, refreshToken } = await login.signIn({ subject: 'alice' });
    const record = await store.read(session.id, clock.now);
    ok(record);
    await login.revokeSubject('alice');
    await store.create({ ...record, ended: false }, clock.now);
    equal(await refreshed(login, refreshToken), 'ended');
    deepEqual(await login.list('alice'), []);
  },
  'of refreshes at once with a revocation none succeeds after it has resolved': async (bench) => {
    for (const kind of ['session', 'subject', 'all'] as const) {
      const issued = await atOnce(25, bench, (on) => on.signIn({ subject: 'alice' }));
      const running = issued.map(({ refreshToken }) => refreshed(bench.elsewhere, refreshToken));
      if (kind === 'session')
        await Promise.all(issued.map((one) => bench.login.revokeSession(one.session.id)));
      if (kind === 'subject') await bench.login.revokeSubject('alice');
      if (kind === 'all') await bench.login.revokeAll();
      const after = issued.map(({ refreshToken }) => refreshed(bench.elsewhere, refreshToken));
      deepEqual(new Set(await Promise.all(after)), new Set(['ended']));
      for (const answer of await Promise.all(running)) {
        if (answer.includes('.')) equal(await refreshed(bench.elsewhere, answer), 'ended');
      }
    }
  },
  'a token of no session goes with its subject by the second in which it was issued': async ({
    login,
    store,
    clock,
  }) => {
    const second = Math.floor(clock.now / 1000);
    equal(await store.isRevoked({ sub: 'machine', iat: second, jti: 'x' }), false);
    await login.revokeSubject('machine');
    equal(await store.isRevoked({ sub: 'machine', iat: second, jti: 'x' }), true);
    equal(await store.isRevoked({ sub: 'machine', iat: second + 1, jti: 'x' }), false);
    equal(await store.isRevoked({ sub: 'machine', jti: 'x' }), true);
    equal(await store.isRevoked({ sub: 'other', iat: second, jti: 'x' }), false);
  },
  'a subject stays revoked for a session that lasts longer than whoever revokes it knows': async (bench) => {
    const { login, store, clock } = bench;
    const { session, refreshToken } = await login.signIn({ subject: 'alice' });
    await store.revoke({ kind: 'subject', id: 'alice', at: clock.now, until: clock.now + 1 }, clock.now);
    clock.move(IDLE - 1);
    await atOnce(10, bench, (on) => on.revokeSession(`0_${'y'.repeat(22)}`));
    equal(await refreshed(login, refreshToken), 'ended');
    equal((await bench.other.read(session.id, clock.now))?.ended ?? true, true);
    deepEqual(await login.list('alice'), []);
  },
  'a sign-in while a clock is ahead hides no other session': async ({ login, elsewhere, clock }) => {
    const one = await login.signIn({ subject: 'alice' });
    clock.move(ABSOLUTE + 1);
    const other = await elsewhere.signIn({ subject: 'alice' });
    clock.move(-ABSOLUTE - 1);
    const ids = (await login.list('alice')).map(({ id }) => id);
    deepEqual(new Set(ids), new Set([one.session.id, other.session.id]));
  },
  'a clock that jumps ahead and back again has forgotten no revocation': async (bench) => {
    const { login, elsewhere, clock } = bench;
    const issued = [await login.signIn({ subject: 'alice' }), await login.signIn({ subject: 'bob' })];
    const [alice, bob] = issued as [IssuedSession, IssuedSession];
    await login.revokeSubject('alice');
    await login.revokeSession(bob.session.id);
    clock.move(10 * ABSOLUTE);
    await atOnce(30, bench, async (on) => {
      const { session } = await on.signIn({ subject: 'carol' });
      await on.revokeSession(session.id);
    });
    clock.move(-10 * ABSOLUTE);
    for (const { refreshToken } of issued) equal(await refreshed(elsewhere, refreshToken), 'ended');
    equal(await bench.other.isRevoked(claimsIn(alice)), true);
    equal(await bench.other.isRevoked(claimsIn(bob)), true);
  },
  'a clock with fractions of milliseconds is as good as any': async ({ login, elsewhere, store, clock }) => {
    clock.move(0.75);
    const { refreshToken, session } = await login.signIn({ subject: 'alice' });
    const successor = await refreshed(elsewhere, refreshToken);
    equal((await store.increment('key', 60)).count, 1);
    await login.revokeSubject('alice');
    await elsewhere.revokeSession(session.id);
    equal(await refreshed(login, successor), 'ended');
  },
  'local copies of other processes learn of every kind of revocation': async ({ login, other, store }) => {
    const issued = [];
    for (const subject of ['a', 'b', 'c', 'd']) issued.push(claimsIn(await login.signIn({ subject })));
    const [token, session, subject, all] = issued as [Claims, Claims, Claims, Claims];
    await eventually('the copy is fresh', () => other.isRevokedLocally(token) === false);
    await login.revokeToken(token);
    await login.revokeSession(session.sid);
    await login.revokeSubject('c');
    for (const claims of [token, session, subject]) {
      equal(store.isRevokedLocally(claims) ?? true, true);
      await eventually('another process knows', () => other.isRevokedLocally(claims) === true);
    }
    equal(await other.isRevoked(all), false);
    await login.revokeAll();
    await eventually('another process knows', () => other.isRevokedLocally(all) === true);
  },
  'a copy that begins later knows what was revoked before': async ({ login, other }) => {
    const claims = claimsIn(await login.signIn({ subject: 'alice' }));
    await login.revokeToken(claims);
    await eventually('the copy is loaded', () => other.isRevokedLocally(claims) === true);
  },
  'a list shows device, creation and last use, the last used first': async ({ login, clock }) => {
    const one = await login.signIn({ subject: 'alice', device: 'phone' });
    clock.move(1000);
    await login.signIn({ subject: 'alice', device: 'laptop' });
    clock.move(1000);
    await login.refresh(one.refreshToken);
    deepEqual(
      (await login.list('alice')).map(({ device, createdAt, lastUsedAt, expiresAt }) => ({
        device,
        created: createdAt.getTime() - clock.now,
        used: lastUsedAt.getTime() - clock.now,
        expires: expiresAt.getTime() - clock.now,
      })),
      [
        { device: 'phone', created: -2000, used: 0, expires: IDLE },
        { device: 'laptop', created: -1000, used: -1000, expires: IDLE - 1000 },
      ],
    );
    deepEqual(await login.list('bob'), []);
  },
};

type Claims = ReturnType<typeof claimsIn>;

/** The contract about revocation. */
export function revocationCases(open: OpenStore): readonly ContractCase[] {
  return Object.entries(SENTENCES).map(([name, holds]) => contractCase(open, name, holds));
}
