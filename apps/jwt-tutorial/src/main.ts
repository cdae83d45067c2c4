/** The JWT Tokens tutorial: its twelve steps in their order. Run by `pnpm start`. */
import { basic, bearer } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { createLogger, createServer, tokenResponse } from '@tokenwright/server';
import { tokenLab } from '@tokenwright/server/lab';
import { publishedWarning } from './published.js';
import { runTutorial } from './run.js';

await runTutorial(async (config) => {
  // 1. Logger: readable on a terminal, JSON elsewhere.
  const log = createLogger(config.name, { level: config.logLevel });
  const { published } = config;
  if (published.length > 0) log.warn({ published }, publishedWarning(published));

  // 2. Server: it has a name, which stands in its log.
  const named = createServer(config.name).logger(log);

  // 3. Listener: HTTPS on loopback, with a certificate of its own making.
  const listening = named.listener({ port: config.port, host: config.host, tls: config.tls });

  // 4. Runtime: Koa, with limits on what a request may cost.
  const limited = listening.runtime({ bodyLimit: '64kb', requestTimeout: '30s' });

  // 5. Initial authentication: name and password, once, for the first token.
  const initial = limited.scheme(
    'BasicInit',
    basic({ realm: config.realm, users: { [config.user]: config.password } }),
  );

  // 6. Token configuration: issuer, audience, HMAC key and lifetime; what is validated follows from it.
  const jwt = new JwtBuilder()
    .issuer(config.issuer)
    .audience(config.audience)
    .signWith({ hex: config.key }, 'HS256')
    .validFor(config.validFor);
  const validator = jwt.validator({ clockTolerance: '1m' });

  // 7. Bearer: whoever brings a valid token is known.
  const secured = initial.scheme('Bearer', bearer(validator)).jwks(jwt);

  // 8. Enable: from here on listener and schemes are locked.
  const server = secured.enable();

  // 9. Issue: a token for who gave the right password. The builder is immutable, so no request sees another's claims.
  server.route(['GET', 'POST'], '/token/new', { auth: 'BasicInit' }, async (ctx) => {
    const { name } = ctx.state.auth;
    tokenResponse(ctx, await jwt.subject(name).name(name).roles('admin').build());
  });

  // 10. Renew: a fresh token for a valid one, as long as its session lasts.
  server.route(['GET', 'POST'], '/token/renew', { auth: 'Bearer' }, async (ctx) => {
    tokenResponse(ctx, await jwt.renew(ctx.state.auth.token, { maxSession: config.maxSession }));
  });

  // 11. Protected: only with a valid token.
  server.get('/secure/jwt/hello', { auth: 'Bearer' }, (ctx) => {
    ctx.body = `JWT Hello ${ctx.state.auth.name}`;
  });

  // 12. Start; `GET /` is the token lab, where all of this is clicked through.
  tokenLab(server, { jwt, validator, prefill: config.prefill, maxSession: config.maxSession });
  return server.start();
});
