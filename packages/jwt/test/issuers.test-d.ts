import { describe, expectTypeOf, it } from 'vitest';
import { JwtBuilder, JwtValidator, type KeyRing, type KeySet } from '../src/index.ts';
import { type RemoteJwks, remoteJwks } from '../src/remote.ts';

declare const keys: { hex: string };
declare const ring: KeyRing;
const entry = { issuer: 'a', keys, audience: 'b' };

describe('the issuers of a validator', () => {
  it('are one, or several with keys and audiences of their own', () => {
    new JwtValidator({ keys, issuer: 'a', audience: null });
    new JwtValidator({ issuers: [entry, { ...entry, issuer: 'c', audience: null }], maxAge: '1h' });
  });

  it('are not both', () => {
    // @ts-expect-error keys beside issuers
    new JwtValidator({ issuers: [entry], keys });
    // @ts-expect-error issuer beside issuers
    new JwtValidator({ issuers: [entry], issuer: 'a' });
    // @ts-expect-error audience beside issuers
    new JwtValidator({ issuers: [entry], audience: null });
    // @ts-expect-error issuers beside the three
    new JwtValidator({ keys, issuer: 'a', audience: 'b', issuers: [entry] });
  });

  it('are not none, and lack nothing', () => {
    // @ts-expect-error no issuer
    new JwtValidator({ issuers: [] });
    // @ts-expect-error no audience
    new JwtValidator({ issuers: [{ issuer: 'a', keys }] });
    // @ts-expect-error no keys
    new JwtValidator({ issuers: [{ issuer: 'a', audience: 'b' }] });
  });
});

describe('sets of keys', () => {
  it('stand where keys stand, alone', () => {
    expectTypeOf<RemoteJwks>().toExtend<KeySet>();
    new JwtValidator({ keys: ring, issuer: 'a', audience: 'b' });
    // @ts-expect-error a set in a list
    new JwtValidator({ keys: [ring], issuer: 'a', audience: 'b' });
  });

  it('sign when they are a ring, without an algorithm, and not when they are remote', () => {
    const jwt = new JwtBuilder();
    expectTypeOf(jwt.signWith(ring)).toEqualTypeOf<JwtBuilder>();
    // @ts-expect-error the keys of a ring have their algorithms
    jwt.signWith(ring, 'ES256');
    // @ts-expect-error nobody signs with public keys
    jwt.signWith(remoteJwks('https://issuer.example'));
  });

  it('of an issuer have no secrets', () => {
    // @ts-expect-error HMAC
    remoteJwks('https://issuer.example', { algorithms: ['HS256'] });
  });
});
