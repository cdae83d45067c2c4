/** A builder with a fixed clock, and what the tests issue with it. */
import { createHmac } from 'node:crypto';
import { JwtBuilder } from '@tokenwright/jwt';

/** 24 November 2026, noon, in seconds: the time in every test. */
export const NOON = 1_795_521_600;

const HEX = '6f1a1ce2e8cc4a5685ad0e1d1f0b8c092b6dce4f7a08b1c2d3e4f5a6b7c8d9e0';

/** A builder at a time given in seconds. */
export function builderAt(seconds: number): JwtBuilder {
  return new JwtBuilder()
    .issuer('KestrunApi')
    .audience('KestrunClients')
    .signWith({ hex: HEX }, 'HS256')
    .validFor('1h')
    .clock(() => seconds * 1000);
}

/** The builder of the tests. */
export const jwt = builderAt(NOON);

/** A token for a subject. */
export async function tokenFor(subject: string): Promise<string> {
  const { token } = await jwt.subject(subject).name(subject).roles('admin').scopes('read').build();
  return token;
}

/** Claims and header exactly as given, with a good signature. */
export function forge(claims: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac('sha256', Buffer.from(HEX, 'hex')).update(input).digest('base64url')}`;
}

/** Claims that the validator accepts. */
export const GOOD_CLAIMS = {
  iss: 'KestrunApi',
  aud: 'KestrunClients',
  sub: 'admin',
  iat: NOON,
  exp: NOON + 3600,
} as const;
