/** Keys and tokens of the tests. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { JwtBuilder } from '@tokenwright/jwt';

export const HEX = '6f1a1ce2e8cc4a5685ad0e1d1f0b8c092b6dce4f7a08b1c2d3e4f5a6b7c8d9e0';
export const OTHER_HEX = HEX.replace('6f1a', '0000');

export const builder: JwtBuilder = new JwtBuilder()
  .issuer('KestrunApi')
  .audience('KestrunClients')
  .subject('admin')
  .roles('admin')
  .signWith({ hex: HEX }, 'HS256');

export const token: string = builder.buildSync().token;

/** A token that was made and ended in the past. */
export function expiredBy(seconds: number): string {
  const end = Date.now() - seconds * 1000;
  return builder
    .clock(() => end - 3_600_000)
    .validFor('1h')
    .buildSync().token;
}

/** A compact JWS of any payload, with a signature that is nobody's. */
export function forged(payload: string, header = '{"alg":"HS256","typ":"JWT"}'): string {
  return [header, payload, 'no signature of anybody']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

/** A compact JWS of any payload, signed with {@link HEX} as it stands. */
export function signedAsItIs(payload: string): string {
  const input = ['{"alg":"HS256","typ":"JWT"}', payload]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  const signature = createHmac('sha256', Buffer.from(HEX, 'hex')).update(input).digest('base64url');
  return `${input}.${signature}`;
}

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const ec = {
  privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  privateJwk: pair.privateKey.export({ format: 'jwk' }),
  publicJwk: pair.publicKey.export({ format: 'jwk' }),
};

/** What `verify` needs beside the key. */
export const EXPECTED = ['--issuer', 'KestrunApi', '--audience', 'KestrunClients'] as const;
