/** A program of somebody who installed `@tokenwright/jwt` and nothing else: issue, verify, renew, explain, refuse. */
import { ok, rejects, strictEqual } from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { explain, type IssuedToken, JwtBuilder, type JwtValidator } from '@tokenwright/jwt';
import { inspect } from '@tokenwright/jwt/inspect';

const jwt = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .signWith({ hex: '6f1a'.repeat(16) }, 'HS256')
  .validFor('1h');
const issued: IssuedToken = await jwt.subject('admin').roles('admin').build();
const validator: JwtValidator = jwt.validator();
const { claims } = await validator.verify(issued.token);
strictEqual(claims.sub, 'admin');
strictEqual((await validator.verify((await jwt.renew(issued.token)).token)).claims.sub, 'admin');
strictEqual(inspect(issued.token).issuer, 'KestrunApi');

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const elliptic = new JwtBuilder().issuer('a').audience('b').signWith(privateKey);
strictEqual(
  (await elliptic.validator().verify((await elliptic.subject('c').build()).token)).header.alg,
  'ES256',
);

await rejects(validator.verify(`${issued.token.slice(0, -4)}AAAA`), {
  code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
});
const report = await explain(issued.token, jwt.validator({ issuer: 'another' }));
ok(!report.accepted && report.decisive?.check === 'issuer');

// ESM only; a runtime that can require ES modules gets the very same ones.
const required = createRequire(import.meta.url)('@tokenwright/jwt') as { JwtBuilder: unknown };
strictEqual(required.JwtBuilder, JwtBuilder);
console.log('jwt: issued, verified, renewed, explained and refused');
