/** A catalogue of tokens that every validator must refuse, each with what refuses it and a twin that must be accepted. */
import type { JwtBuilder } from '../builder.js';
import { nowOf } from '../clock.js';
import { InvalidOption } from '../errors.js';
import { generateKey } from '../keys/generate.js';
import { checkOptionNames } from '../option-names.js';
import type { RefusalCode } from '../reasons.js';
import { algorithmDrafts } from './bad-tokens/algorithms.js';
import { claimDrafts } from './bad-tokens/claims.js';
import { encryptionDrafts } from './bad-tokens/encryption.js';
import { headerDrafts } from './bad-tokens/headers.js';
import { jsonDrafts } from './bad-tokens/json.js';
import { keyDrafts } from './bad-tokens/keys.js';
import { signatureDrafts } from './bad-tokens/signatures.js';
import { structureDrafts } from './bad-tokens/structure.js';
import { timeDrafts } from './bad-tokens/times.js';
import type { Draft, Forge } from './forge.js';
import type { TestIssuer } from './issuer.js';

/** A token that must be refused. */
export interface BadToken {
  /** For programs and test names: words with hyphens, such as `alg-none`. */
  readonly name: string;
  /** What is wrong with it, or what it tries. */
  readonly description: string;
  readonly token: string;
  /** Like the token, but for the one thing that is wrong with it: this one must be accepted, or the test proves nothing. */
  readonly twin: string;
  readonly expected: {
    /** Of the error that the issuer's validator throws. */
    readonly code: RefusalCode;
    /**
     * What a service answers to it as `Authorization: Bearer`: 401 (RFC 6750 §3.1), 400 where it has characters that no
     * bearer token has (§2.1), and 431 where Node.js takes no request that long (RFC 6585 §5).
     */
    readonly status: 400 | 401 | 431;
  };
  /** The row in the project's catalogue of attacks. */
  readonly row: string;
}

/** Options of {@link badTokens}. */
export interface BadTokensOptions {
  /** Makes the good token that all others are made from, with the claims and the `typ` that the service asks for. Default: the issuer's builder with the subject `alice`. */
  builder?: JwtBuilder;
  /** A URL that tokens point to where they name keys (`jku`, `x5u`): one of the test's own, where no request must arrive. Default `http://127.0.0.1:9/jwks.json`. */
  url?: string;
}

const OPTIONS: Readonly<Record<keyof BadTokensOptions, true>> = { builder: true, url: true };

/**
 * The catalogue, made for one issuer at the time of its clock. For a service under test, give the issuer the key, the names
 * and the clock that the service knows, and send it each token and each twin.
 *
 * @throws InvalidOption for a builder that does not sign with the issuer's key, or that encrypts.
 * @example
 * ```ts
 * const issuer = await testIssuer({ algorithm: 'RS256' });
 * for (const { token, twin, expected } of await badTokens(issuer)) {
 *   await assert.rejects(issuer.validator().verify(token), { code: expected.code });
 *   await issuer.validator().verify(twin);
 * }
 * ```
 */
export async function badTokens(
  issuer: TestIssuer,
  options: BadTokensOptions = {},
): Promise<readonly BadToken[]> {
  checkOptionNames(options, OPTIONS, 'badTokens()');
  const forge = await forgeOf(issuer, options);
  const drafts: Draft[] = [
    ...structureDrafts(forge),
    ...jsonDrafts(forge),
    ...algorithmDrafts(forge),
    ...signatureDrafts(forge),
    ...keyDrafts(forge),
    ...headerDrafts(forge),
    ...timeDrafts(forge),
    ...claimDrafts(forge),
    ...(await encryptionDrafts(forge)),
  ];
  return Object.freeze(drafts.map((draft) => badToken(draft, forge)));
}

async function forgeOf(issuer: TestIssuer, options: BadTokensOptions): Promise<Forge> {
  const builder = options.builder ?? issuer.builder.subject('alice');
  const { token, header, claims } = await builder.build();
  const { key } = issuer;
  const kid = header.kid === undefined ? {} : { kid: header.kid };
  const bits = /^[RP]S/.test(key.algorithm) ? { bits: 2048 } : {};
  const end = token.lastIndexOf('.');
  if (token.split('.').length !== 3 || !key.verify(token.slice(0, end), token.slice(end + 1))) {
    throw new InvalidOption(
      'builder',
      'does not sign with the key of the issuer, or encrypts',
      'Make it from issuer.builder.',
    );
  }
  return {
    good: token,
    header,
    claims,
    now: nowOf(issuer.clock),
    key,
    otherKey: await generateKey(key.algorithm, { ...kid, ...bits }),
    url: options.url ?? 'http://127.0.0.1:9/jwks.json',
  };
}

function badToken({ name, description, token, twin, code, row }: Draft, { good }: Forge): BadToken {
  const expected = Object.freeze({ code, status: statusOf(token) });
  return Object.freeze({ name, description, token, twin: twin ?? good, expected, row });
}

/** `b64token` of RFC 6750 §2.1. */
const BEARER = /^[A-Za-z0-9\-._~+/]+=*$/;
/** What Node.js reads of all header fields of a request together. */
const LONGEST_FIELDS = 16_384;

function statusOf(token: string): 400 | 401 | 431 {
  if (token.length >= LONGEST_FIELDS) return 431;
  return BEARER.test(token) ? 401 : 400;
}
