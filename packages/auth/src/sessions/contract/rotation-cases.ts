/** The contract about rotation: one change, one successor, and a thief is found out. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import type { SessionInfo } from '../session-info.js';
import {
  ABSOLUTE,
  atOnce,
  type Bench,
  type ContractCase,
  claimsIn,
  contractCase,
  GRACE,
  IDLE,
  type OpenStore,
  refreshed,
} from './contract-case.js';

const SENTENCES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'a refresh token gives a successor, which gives another': async ({ login, elsewhere }) => {
    const first = await login.signIn({ subject: 'alice', roles: ['admin'], device: 'a phone' });
    const second = await elsewhere.refresh(first.refreshToken);
    const third = await login.refresh(second.refreshToken);
    equal(new Set([first.refreshToken, second.refreshToken, third.refreshToken]).size, 3);
    deepEqual({ ...claimsIn(third), jti: '' }, { ...claimsIn(first), jti: '' });
    equal(third.session.device, 'a phone');
  },
  'a hundred refreshes at once with one token give one successor': async (bench) => {
    const { refreshToken, session } = await bench.login.signIn({ subject: 'alice' });
    const successors = new Set(await atOnce(100, bench, (on) => refreshed(on, refreshToken)));
    equal(successors.size, 1);
    equal((await bench.store.read(session.id, bench.clock.now))?.generation, 1);
    ok((await refreshed(bench.elsewhere, [...successors][0] as string)).includes('.'));
  },
  'a storm of a thousand refreshes leaves one session and nothing revoked': async (bench) => {
    const { refreshToken, session } = await bench.login.signIn({ subject: 'alice' });
    const answers = await atOnce(1000, bench, (on) => on.refresh(refreshToken));
    equal(new Set(answers.map((answer) => answer.refreshToken)).size, 1);
    deepEqual(
      (await bench.login.list('alice')).map(({ id }) => id),
      [session.id],
    );
    for (const answer of answers) equal(await bench.store.isRevoked(claimsIn(answer)), false);
  },
  'a hundred sessions refreshed at once keep apart': async (bench) => {
    const issued = await atOnce(100, bench, (on) => on.signIn({ subject: 'alice' }));
    const successors = await Promise.all(
      issued.map(({ refreshToken }) => refreshed(bench.login, refreshToken)),
    );
    equal(new Set(successors).size, 100);
    equal((await bench.elsewhere.list('alice')).length, 100);
  },
  'a spent token gives the same successor until the grace has passed': async ({
    login,
    elsewhere,
    clock,
  }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    const successor = await refreshed(login, refreshToken);
    clock.move(GRACE);
    equal(await refreshed(elsewhere, refreshToken), successor);
    clock.move(1);
    equal(await refreshed(elsewhere, refreshToken), 'reused');
  },
  'a spent token after the grace ends the session, its successor and its access tokens, and says so once':
    async ({ login, elsewhere, store, clock }) => {
      const told: SessionInfo[] = [];
      for (const one of [login, elsewhere]) one.events.on('reuse', (session) => told.push(session));
      const first = await login.signIn({ subject: 'alice' });
      const second = await login.refresh(first.refreshToken);
      clock.move(GRACE + 1);
      equal(await refreshed(elsewhere, first.refreshToken), 'reused');
      equal(await refreshed(login, first.refreshToken), 'ended');
      equal(await refreshed(login, second.refreshToken), 'ended');
      deepEqual(
        told.map(({ id }) => id),
        [first.session.id],
      );
      equal(await store.isRevoked(claimsIn(first)), true);
      equal(await store.isRevoked(claimsIn(second)), true);
      deepEqual(await login.list('alice'), []);
    },
  'a token whose successor was spent ends the session even within the grace': async ({ login }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    const second = await refreshed(login, refreshToken);
    const third = await refreshed(login, second);
    equal(await refreshed(login, refreshToken), 'reused');
    equal(await refreshed(login, third), 'ended');
  },
  'a thief and an owner at once end with the session ended, whoever comes first': async (bench) => {
    const { login, clock } = bench;
    for (let round = 0; round < 20; round += 1) {
      const { refreshToken } = await login.signIn({ subject: 'alice' });
      const second = await refreshed(login, refreshToken);
      clock.move(GRACE + 1);
      const answers = await atOnce(10, bench, (on) => refreshed(on, on === login ? second : refreshToken));
      equal(answers.filter((answer) => answer === 'reused').length, 1);
      equal(await refreshed(login, second), 'ended');
    }
  },
  'a made-up secret for a known session is refused and the session goes on': async ({ login }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    const [id] = refreshToken.split('.');
    equal(await refreshed(login, `${id}.${'A'.repeat(68)}`), 'unknown');
    ok((await refreshed(login, refreshToken)).includes('.'));
  },
  'a token that the store has lost is refused and the session goes on': async ({ login, store, clock }) => {
    const { refreshToken, session } = await login.signIn({ subject: 'alice' });
    const record = await store.read(session.id, clock.now);
    ok(record);
    const lost = await store.rotate({
      sessionId: session.id,
      family: record.family,
      generation: 2,
      presented: 'a hash that was stored once',
      nonce: 'n',
      successor: 's',
      client: undefined,
      now: clock.now,
      grace: GRACE,
      idle: IDLE,
      tokensUntil: clock.now,
    });
    equal(lost.outcome, 'unknown');
    ok((await refreshed(login, refreshToken)).includes('.'));
  },
  'a truncated, lengthened or altered token is refused and the session goes on': async ({ login }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    for (let length = 0; length < refreshToken.length; length += 1) {
      equal(await refreshed(login, refreshToken.slice(0, length)), 'malformed');
    }
    equal(await refreshed(login, `${refreshToken}A`), 'malformed');
    for (const at of [5, 30]) {
      const other = refreshToken[at] === 'a' ? 'b' : 'a';
      const altered = `${refreshToken.slice(0, at)}${other}${refreshToken.slice(at + 1)}`;
      equal(await refreshed(login, altered), 'unknown');
    }
    ok((await refreshed(login, refreshToken)).includes('.'));
  },
  'a session that was never there is unknown': async ({ login }) => {
    equal(await refreshed(login, `0_${'x'.repeat(22)}.${'A'.repeat(68)}`), 'unknown');
  },
  'a token of one client is no token of another, nor of none': async ({ login }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice', client: 'web' });
    equal(await reasonOf(login.refresh(refreshToken, { client: 'other' })), 'other_client');
    equal(await reasonOf(login.refresh(refreshToken)), 'other_client');
    equal((await login.refresh(refreshToken, { client: 'web' })).session.client, 'web');
  },
  'a session ends when it was idle, to the millisecond': async ({ login, clock }) => {
    const one = await login.signIn({ subject: 'alice' });
    const other = await login.signIn({ subject: 'alice' });
    clock.move(IDLE - 1);
    const successor = await refreshed(login, one.refreshToken);
    clock.move(1);
    equal(await refreshed(login, other.refreshToken), 'expired');
    deepEqual(
      (await login.list('alice')).map(({ id }) => id),
      [one.session.id],
    );
    clock.move(IDLE - 2);
    ok(successor !== (await refreshed(login, successor)));
  },
  'a session ends at its absolute end however often it is refreshed': async ({ login, clock }) => {
    let { refreshToken, session } = await login.signIn({ subject: 'alice' });
    for (let used = 0; used + IDLE / 2 < ABSOLUTE; used += IDLE / 2) {
      clock.move(IDLE / 2);
      ({ refreshToken } = await login.refresh(refreshToken));
    }
    clock.now = session.endsAt.getTime() - 1;
    const last = await login.refresh(refreshToken);
    equal(last.expiresAt?.getTime(), session.endsAt.getTime());
    clock.move(1);
    equal(await refreshed(login, last.refreshToken), 'expired');
  },
  'a spent token of a session that is over is expired, not stolen': async ({ login, clock }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    await refreshed(login, refreshToken);
    clock.move(IDLE);
    equal(await refreshed(login, refreshToken), 'expired');
  },
  'a clock that jumps back moves no end and no last use back, and the good token stays good': async ({
    login,
    clock,
  }) => {
    const first = await login.signIn({ subject: 'alice' });
    clock.move(1000);
    const second = await login.refresh(first.refreshToken);
    clock.move(-86_400_000);
    const third = await login.refresh(second.refreshToken);
    deepEqual(third.session, second.session);
    clock.move(86_400_000 + IDLE);
    equal(await refreshed(login, third.refreshToken), 'expired');
  },
  'a clock that jumps back gives a spent token no new grace': async ({ login, clock }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    await refreshed(login, refreshToken);
    clock.move(-GRACE);
    ok((await refreshed(login, refreshToken)).includes('.'));
    clock.move(-1);
    equal(await refreshed(login, refreshToken), 'reused');
  },
  'a clock that jumps ahead and back again has ended no session': async ({ login, clock }) => {
    const { refreshToken } = await login.signIn({ subject: 'alice' });
    clock.move(IDLE);
    equal(await refreshed(login, refreshToken), 'expired');
    clock.move(-IDLE);
    ok((await refreshed(login, refreshToken)).includes('.'));
  },
  'what is stored holds no part of any token': async ({ login, store, clock }) => {
    const first = await login.signIn({ subject: 'alice' });
    const second = await login.refresh(first.refreshToken);
    const stored = JSON.stringify(await store.read(first.session.id, clock.now));
    for (const { refreshToken } of [first, second]) {
      const bytes = Buffer.from(refreshToken.split('.')[1] as string, 'base64url');
      for (const part of [bytes.subarray(0, 16), bytes.subarray(19)]) {
        for (const encoding of ['base64', 'base64url', 'hex'] as const) {
          ok(!stored.includes(part.toString(encoding).replace(/=+$/, '')));
        }
      }
    }
  },
};

/** The contract about rotation. */
export function rotationCases(open: OpenStore): readonly ContractCase[] {
  return Object.entries(SENTENCES).map(([name, holds]) => contractCase(open, name, holds));
}

async function reasonOf(refresh: Promise<unknown>): Promise<string> {
  return refresh.then(
    () => 'accepted',
    (error: { reason: string }) => error.reason,
  );
}
