/** An issuer for tests: its key, a builder and a validator, and the documents it would publish, without a server. */
import type { SignatureAlgorithmName } from '../algorithms.js';
import { JwtBuilder } from '../builder.js';
import type { Clock } from '../clock.js';
import { clockOf } from '../clock.js';
import { generateKey } from '../keys/generate.js';
import { importKey } from '../keys/import.js';
import type { PublicJwks } from '../keys/jwks.js';
import type { Key } from '../keys/key.js';
import type { KeySource } from '../keys/sources.js';
import { checkOptionNames } from '../option-names.js';
import type { Fetch } from '../remote/bounded-fetch.js';
import type { JwtValidator } from '../validator.js';
import type { ValidatorOptions } from '../validator-options.js';

/** Options of {@link testIssuer}. */
export interface TestIssuerOptions {
  /** What it signs with. Default ES256, or the algorithm of `key`. */
  algorithm?: SignatureAlgorithmName;
  /** Its key. Default: a new one with the key ID `test`. */
  key?: KeySource;
  /** Default `https://issuer.test`. */
  issuer?: string;
  /** Default `https://api.test`. */
  audience?: string;
  /** The time, for its builder and its validators. Default `Date.now`. */
  clock?: Clock;
}

const OPTIONS: Readonly<Record<keyof TestIssuerOptions, true>> = {
  algorithm: true,
  key: true,
  issuer: true,
  audience: true,
  clock: true,
};

/** What a test needs of an issuer. */
export interface TestIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** What it signs with. */
  readonly key: Key;
  readonly clock: Clock;
  /** Makes its tokens; a call on it gives another builder, as ever. */
  readonly builder: JwtBuilder;
  /** A validator of its tokens. */
  validator(options?: Partial<ValidatorOptions>): JwtValidator;
  /** Its public keys (RFC 7517 §5); none for a shared secret. */
  readonly jwks: PublicJwks;
  /** Its metadata (RFC 8414 §2, OpenID Connect Discovery 1.0 §3), as far as validators need them. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * Answers what a server of this issuer would: metadata and keys, and 404 for any other URL. For the option `fetch` of
   * `remoteJwks` and `discover`, or to be called by a server of the test's own.
   */
  readonly fetch: Fetch;
}

/**
 * An issuer with a new key, or the one that the service under test knows.
 *
 * @throws InvalidOption, InvalidKey for options that make no issuer.
 * @example
 * ```ts
 * const issuer = await testIssuer({ algorithm: 'EdDSA' });
 * const { token } = await issuer.builder.subject('alice').build();
 * const keys = remoteJwks(`${issuer.issuer}/jwks.json`, { fetch: issuer.fetch });
 * ```
 */
export async function testIssuer(options: TestIssuerOptions = {}): Promise<TestIssuer> {
  checkOptionNames(options, OPTIONS, 'testIssuer()');
  const { issuer = 'https://issuer.test', audience = 'https://api.test' } = options;
  const key = await keyOf(options);
  const clock = clockOf(options.clock);
  const builder = new JwtBuilder().issuer(issuer).audience(audience).clock(clock).signWith(key);
  const jwks = builder.jwks();
  const metadata = Object.freeze({ issuer, jwks_uri: `${withoutSlash(issuer)}/jwks.json` });
  return Object.freeze({
    issuer,
    audience,
    key,
    clock,
    builder,
    validator: (own?: Partial<ValidatorOptions>) => builder.validator(own),
    jwks,
    metadata,
    fetch: publisherOf(issuer, metadata, jwks),
  });
}

async function keyOf({ algorithm, key }: TestIssuerOptions): Promise<Key> {
  if (key !== undefined) return importKey(key, algorithm);
  // Smaller than what generateKey makes of itself, because it is made for every run and lasts no longer.
  const bits = /^[RP]S/.test(algorithm ?? '') ? { bits: 2048 } : {};
  return generateKey(algorithm ?? 'ES256', { kid: 'test', ...bits });
}

function publisherOf(issuer: string, metadata: { readonly jwks_uri: string }, jwks: PublicJwks): Fetch {
  const documents = new Map<string, object>([[metadata.jwks_uri, jwks]]);
  if (URL.canParse(issuer)) {
    const { origin, pathname } = new URL(issuer);
    documents.set(`${withoutSlash(issuer)}/.well-known/openid-configuration`, metadata);
    documents.set(`${origin}/.well-known/oauth-authorization-server${withoutSlash(pathname)}`, metadata);
  }
  return async (url) => {
    const document = documents.get(url);
    return document === undefined ? new Response(null, { status: 404 }) : Response.json(document);
  };
}

function withoutSlash(text: string): string {
  return text.endsWith('/') ? text.slice(0, -1) : text;
}
