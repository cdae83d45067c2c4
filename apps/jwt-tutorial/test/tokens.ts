/** Tokens as the tutorial issues them, and as it must not accept them. */
import { createHmac } from 'node:crypto';
import { JwtBuilder } from '@tokenwright/jwt';

/** The tutorial's published key. */
export const KEY = '6f1a1ce2e8cc4a5685ad0e1d1f0b8c092b6dce4f7a08b1c2d3e4f5a6b7c8d9e0';

/** A builder with the tutorial's own settings. */
export const jwt: JwtBuilder = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .signWith({ hex: KEY }, 'HS256')
  .subject('admin')
  .name('admin')
  .roles('admin');

/** A token with any header and claims at all, with a good HMAC of the tutorial's key. */
export function forged(header: object, claims: object | string, hash = 'sha256'): string {
  const encode = (value: object | string): string =>
    Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac(hash, Buffer.from(KEY, 'hex')).update(input).digest('base64url')}`;
}

/** Claims that the tutorial accepts, for tests that spoil one of them. */
export function goodClaims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: 'KestrunApi',
    aud: 'KestrunClients',
    sub: 'admin',
    name: 'admin',
    roles: ['admin'],
    iat: now,
    exp: now + 600,
  };
}
