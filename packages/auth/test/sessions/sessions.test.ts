import { JwtBuilder } from '@tokenwright/jwt';
import { describe, expect, it, vi } from 'vitest';
import { memory, RefreshRefused, type SessionsOptions, sessions } from '../../src/sessions/index.js';

const NOW = Date.UTC(2030, 0, 1);
const ISSUER = 'KestrunApi';
const AUDIENCE = 'KestrunClients';

/** Sessions over a real builder, with a clock that is moved. */
function bench(options: Partial<SessionsOptions> = {}) {
  const clock = { now: NOW };
  const jwt = new JwtBuilder()
    .issuer(ISSUER)
    .audience(AUDIENCE)
    .signWith({ hex: 'ab'.repeat(32) }, 'HS256')
    .clock(() => clock.now);
  const store = memory({ clock: () => clock.now });
  const login = sessions({ store, jwt, clock: () => clock.now, ...options });
  const validator = jwt.validator({ isRevoked: login.isRevoked });
  const outcome = async (token: string): Promise<string> => {
    const verified = await validator.safeVerify(token);
    return verified.ok ? 'accepted' : verified.code;
  };
  return { clock, jwt, store, login, validator, outcome };
}

const ADA = { subject: 'ada', name: 'Ada', roles: ['admin'], scopes: ['read', 'write'] } as const;

async function reasonOf(refresh: Promise<unknown>): Promise<string> {
  const error: unknown = await refresh.then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  return error instanceof RefreshRefused ? error.reason : String(error);
}

describe('an access token of a session', () => {
  it('is accepted by a validator of its builder, and says who, in which session and since when', async () => {
    const { login, validator, clock } = bench();
    clock.now += 1234;
    const { token, session, expiresIn } = await login.signIn({ ...ADA, claims: { tier: 3 } });
    const { claims } = await validator.verify(token);
    expect(claims).toMatchObject({
      sub: 'ada',
      name: 'Ada',
      roles: ['admin'],
      scope: 'read write',
      tier: 3,
      sid: session.id,
      auth_time: Math.floor(clock.now / 1000),
    });
    expect(expiresIn).toBeLessThanOrEqual(300);
  });

  it('keeps claims and sign-in time through refreshes and gets another id', async () => {
    const { login, validator, clock } = bench();
    const first = await login.signIn({ ...ADA, client: 'web' });
    clock.now += 60_000;
    const second = await login.refresh(first.refreshToken, { client: 'web' });
    const [before, after] = await Promise.all([
      validator.verify(first.token),
      validator.verify(second.token),
    ]);
    expect(after.claims.jti).not.toBe(before.claims.jti);
    const { iat, exp, jti, ...kept } = before.claims;
    expect(after.claims).toMatchObject(kept);
    expect(after.claims).toMatchObject({ client_id: 'web', auth_time: NOW / 1000 });
  });

  it('is refused at once after its session, its subject or all were revoked', async () => {
    for (const how of ['session', 'subject', 'all'] as const) {
      const { login, outcome } = bench();
      const { token, session } = await login.signIn(ADA);
      const other = await login.signIn({ subject: 'bob' });
      expect(await outcome(token)).toBe('accepted');
      if (how === 'session') await login.revokeSession(session.id);
      if (how === 'subject') await login.revokeSubject('ada');
      if (how === 'all') await login.revokeAll();
      expect(await outcome(token)).toBe('ERR_JWT_REVOKED');
      expect(await outcome(other.token)).toBe(how === 'all' ? 'ERR_JWT_REVOKED' : 'accepted');
    }
  });

  it('that was renewed apart from its session is no way around its end', async () => {
    const { login, jwt, clock, outcome } = bench();
    const { token, session } = await login.signIn(ADA);
    const renewed = await jwt.renew(token);
    await login.revokeSession(session.id);
    for (const later of [0, 600_000, 1_800_000]) {
      clock.now = NOW + later;
      expect(await outcome(renewed.token)).toBe('ERR_JWT_REVOKED');
    }
  });
});

describe('a revocation', () => {
  it('of a subject holds for sessions that last longer than is configured where it is made', async () => {
    const { login, store, jwt, clock } = bench({ absolute: '30d', idle: '20d' });
    const now = sessions({ store, jwt, clock: () => clock.now });
    const { refreshToken } = await login.signIn(ADA);
    await now.revokeSubject('ada');
    const passed = vi.spyOn(performance, 'now');
    for (const days of [1, 13, 19]) {
      clock.now = NOW + days * 86_400_000;
      // Time has really passed, and a store that has much to do forgets what has expired.
      passed.mockReturnValue(days * 86_400_000 + 1e9);
      for (let id = 0; id < 1100; id += 1) {
        await store.revoke({ kind: 'token', id: `${days}-${id}`, until: clock.now + 1 }, clock.now);
      }
      expect(await reasonOf(login.refresh(refreshToken))).toBe('ended');
    }
    passed.mockRestore();
  });

  it('of a session holds for access tokens that last longer than is configured where it is made', async () => {
    const { login, store, jwt, clock } = bench({ accessFor: '1h', idle: '2h' });
    const now = sessions({ store, jwt, clock: () => clock.now, accessFor: '5m' });
    const revoke = vi.spyOn(store, 'revoke');
    const { session } = await login.signIn(ADA);
    await now.revokeSession(session.id);
    const order = revoke.mock.calls[0]?.[0] as { until: number };
    expect(order.until).toBeGreaterThanOrEqual(NOW + 3_600_000 + 60_000);
  });

  it('by somebody ends only a session of their own', async () => {
    const { login } = bench();
    const { session, refreshToken } = await login.signIn(ADA);
    expect(await login.revokeSession(session.id, { subject: 'mallory' })).toBe(false);
    const { refreshToken: successor } = await login.refresh(refreshToken);
    expect(await login.revokeSession(session.id, { subject: 'ada' })).toBe(true);
    expect(await reasonOf(login.refresh(successor))).toBe('ended');
    expect(await login.revokeSession('0_aaaaaaaaaaaaaaaaaaaaaa', { subject: 'ada' })).toBe(false);
  });

  it('by a refresh token is for the client it was issued to alone', async () => {
    const { login } = bench();
    const { refreshToken } = await login.signIn({ ...ADA, client: 'web' });
    await login.revoke(refreshToken, { client: 'other' });
    await login.revoke(refreshToken);
    const { refreshToken: successor } = await login.refresh(refreshToken, { client: 'web' });
    expect(await login.revoke(successor, { client: 'other' })).toBeUndefined();
    expect(await login.revoke(refreshToken, { client: 'web' })).toMatchObject({
      subject: 'ada',
      client: 'web',
    });
    expect(await reasonOf(login.refresh(successor, { client: 'web' }))).toBe('ended');
  });

  it('of a token needs its id and its end', async () => {
    const { login } = bench();
    await expect(login.revokeToken({ jti: 'a' })).rejects.toThrow(TypeError);
    await expect(login.revokeToken({ exp: 1 })).rejects.toThrow(TypeError);
  });
});

describe('a refresh with scopes', () => {
  it('narrows one access token and leaves the session its scopes', async () => {
    const { login, validator } = bench();
    const first = await login.signIn(ADA);
    const second = await login.refresh(first.refreshToken, { scopes: ['read'] });
    expect((await validator.verify(second.token)).claims).toMatchObject({ scope: 'read' });
    const third = await login.refresh(second.refreshToken);
    expect((await validator.verify(third.token)).claims).toMatchObject({ scope: 'read write' });
  });

  it('that the session does not have is refused, and the token is as good as before', async () => {
    const { login } = bench();
    const { refreshToken } = await login.signIn(ADA);
    for (const scopes of [['admin'], ['read', 'admin'], []]) {
      const refused = login.refresh(refreshToken, { scopes });
      await expect(refused).rejects.toMatchObject({ error: 'invalid_scope', reason: 'wider_scope' });
    }
    expect((await login.refresh(refreshToken)).refreshToken).not.toBe(refreshToken);
    // Within the grace the answer is given again, but not a wider one.
    expect(await reasonOf(login.refresh(refreshToken, { scopes: ['admin'] }))).toBe('wider_scope');
    expect(await reasonOf(login.refresh(refreshToken, { scopes: ['read'] }))).toBe('accepted');
  });

  it('hides no theft: a spent token ends the session whatever else is asked for', async () => {
    const { login, clock } = bench();
    const { refreshToken } = await login.signIn(ADA);
    const { refreshToken: successor } = await login.refresh(refreshToken);
    clock.now += 60_000;
    expect(await reasonOf(login.refresh(refreshToken, { scopes: ['admin'] }))).toBe('reused');
    expect(await reasonOf(login.refresh(successor))).toBe('ended');
  });
});

describe('sessions()', () => {
  const good = () => ({ store: memory(), jwt: new JwtBuilder().signWith({ hex: 'ab'.repeat(32) }) });

  it.each([
    ['no store', { store: undefined }, /store/],
    ['no builder', { jwt: {} }, /jwt/],
    ['a bare number as text', { accessFor: '300' }, /accessFor/],
    ['a negative duration', { idle: -1 }, /idle/],
    ['an idle end before the access token’s', { accessFor: '1h', idle: '1h' }, /idle/],
    ['an absolute end before the idle one', { absolute: '10m' }, /absolute/],
    ['a grace in which every theft is honest', { grace: '2m' }, /grace/],
    ['a clock that is none', { clock: 1 }, /clock/],
  ])('refuses %s at once', (_, options, why) => {
    expect(() => sessions({ ...good(), ...options } as never)).toThrow(TypeError);
    expect(() => sessions({ ...good(), ...options } as never)).toThrow(why);
    expect(() => sessions(good())).not.toThrow();
  });

  it.each([
    ['no subject', { subject: '' }, /subject/],
    ['half of a surrogate pair', { subject: 'a\ud800' }, /Unicode/],
    ['roles as text', { ...ADA, roles: 'admin' }, /roles/],
    ['a scope with a blank', { ...ADA, scopes: ['a b'] }, /scopes/],
    ['claims as a list', { ...ADA, claims: ['a'] }, /claims/],
    ['an unknown fact', { ...ADA, scope: 'read' }, /no 'scope'/],
    ['a device that is no text', { ...ADA, device: {} }, /device/],
    ['a reserved claim', { ...ADA, claims: { exp: 1 } }, /exp/],
  ])('signs nobody in with %s, and leaves no session behind', async (_, facts, why) => {
    const { login } = bench();
    await expect(login.signIn(facts as never)).rejects.toThrow(why);
    expect(await login.list('ada')).toEqual([]);
  });
});
