/** Signing in, refreshing, logging out everywhere. Run by `pnpm start:sessions`. */
import { basic, bearer } from '@tokenwright/auth';
import { sessions } from '@tokenwright/auth/sessions';
import { generateKey, JwtBuilder } from '@tokenwright/jwt';
import { createLogger, createServer, tokenEndpoints, tokenResponse } from '@tokenwright/server';
import { run } from './run.js';
import { openStore } from './store.js';

/** Everybody's own application: it has no secret, so a refresh token is all that its user has to lose. */
const CLIENT = { id: 'app', authentication: 'none', grants: ['refresh_token'] } as const;

await run(async (config) => {
  const log = createLogger('Sessions', { level: config.logLevel });
  const { store, close } = openStore(config, log);

  // Access tokens last minutes; what they are taken back by is asked of the store.
  const key = config.key === undefined ? await generateKey('ES256') : { hex: config.key };
  const jwt = new JwtBuilder().issuer(config.issuer).audience(config.issuer).typ('at+jwt').signWith(key);
  const login = sessions({ store, jwt, accessFor: '5m', idle: '30m', absolute: '12h' });
  const validator = jwt.validator({ isRevoked: login.isRevoked });
  login.events.on('reuse', ({ subject, id }) =>
    log.warn({ subject, session: id }, 'a stolen refresh token: its session was ended'),
  );

  const server = createServer('Sessions')
    .logger(log)
    .listener({ port: config.port, host: config.host, tls: config.tls })
    // Failed logins are counted by all processes together.
    .scheme(
      'Password',
      basic({
        realm: 'Sessions',
        users: { [config.user]: config.password },
        throttle: { counters: store },
      }),
    )
    .scheme('Bearer', bearer(validator))
    .jwks(jwt)
    .enable();
  server.onClose(close);

  // Sign in: a short access token, and a refresh token for the next one.
  server.post('/sign-in', { auth: 'Password' }, async (ctx) => {
    const subject = ctx.state.auth.name ?? '';
    const device = ctx.get('User-Agent') || undefined;
    tokenResponse(ctx, await login.signIn({ subject, name: subject, device, client: CLIENT.id }));
  });

  // Refresh, revoke and introspect, as every OAuth client can: /oauth/token, /oauth/revoke, /oauth/introspect.
  tokenEndpoints(server, {
    issuer: config.issuer,
    tokens: jwt,
    validator,
    clients: [CLIENT],
    sessions: login,
  });

  server.get('/hello', { auth: 'Bearer' }, (ctx) => {
    ctx.body = `Hello ${ctx.state.auth.name}`;
  });

  // One's own sessions, and which of them this is.
  server.get('/sessions', { auth: 'Bearer' }, async (ctx) => {
    const { subject, claims } = ctx.state.auth;
    const own = await login.list(subject);
    ctx.body = own.map(({ id, device, createdAt, lastUsedAt }) => ({
      id,
      device,
      createdAt,
      lastUsedAt,
      current: id === claims['sid'],
    }));
  });

  // Log out one device.
  server.delete('/sessions/:id', { auth: 'Bearer' }, async (ctx) => {
    const { id } = ctx['params'] as { id: string };
    ctx.status = (await login.revokeSession(id, { subject: ctx.state.auth.subject })) ? 204 : 404;
  });

  // Log out everywhere.
  server.delete('/sessions', { auth: 'Bearer' }, async (ctx) => {
    await login.revokeSubject(ctx.state.auth.subject);
    ctx.status = 204;
  });

  return server.start();
});
