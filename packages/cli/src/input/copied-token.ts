/** The `--from` option of `issue`: header and claims of another token, in the JSON that `inspect --json` prints. */
import { JwtBuilder } from '@tokenwright/jwt';
import { malformed, usage } from '../failure.js';
import { readBoundedFile, readBoundedStdin } from './bounded-reading.js';
import { inexactNumbers } from './exact-json.js';
import { forgottenAt } from './forgotten-at.js';
import { hasRepeatedMembers } from './repeated-members.js';
import { textOf } from './text.js';

/** Parameters that belong to the other token's key, or that its builder writes. */
const NOT_COPIED: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'cty', 'enc']);

/** The claims that are times. */
export type TimeClaim = 'exp' | 'nbf' | 'iat';

/**
 * A builder that makes the same claims again, times and ID included; what is missing is added as for any new token.
 *
 * @param source `-` for standard input, else `@FILE`.
 * @param replaced the times that are not copied, because something else is said about them.
 * @throws Failure for what is no such JSON, or cannot be copied exactly; InvalidOption for claims that no token should have.
 */
export async function copiedBuilder(source: string, replaced: readonly TimeClaim[]): Promise<JwtBuilder> {
  const { header, claims: all } = await readParts(source);
  const claims = Object.fromEntries(
    Object.entries(all).filter(([name]) => !(replaced as readonly string[]).includes(name)),
  );
  for (const name of ['exp', 'nbf', 'iat']) {
    if (claims[name] === undefined || Number.isSafeInteger(claims[name])) continue;
    throw usage(
      `The ${name} of --from is no whole number of seconds.`,
      'Tokens are made with whole seconds: round it, or say it with an option.',
    );
  }
  return builderFrom({ header, claims }, true);
}

/** Header and claims of a token. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A builder that makes these claims again. @throws InvalidOption for claims that no token should have. */
export function builderFrom({ header, claims }: TokenParts, keepTime: boolean): JwtBuilder {
  const { iss, sub, aud, jti, exp, nbf, iat, ...own } = claims;
  let jwt = new JwtBuilder().claims(own);
  if (typeof header['typ'] === 'string') jwt = jwt.typ(header['typ']);
  for (const [name, value] of Object.entries(header)) {
    if (!NOT_COPIED.has(name)) jwt = jwt.protectedHeader(name, value);
  }
  // The builder refuses what has the wrong type, in its own words: nothing is judged twice.
  if (iss !== undefined) jwt = jwt.issuer(iss as string);
  if (sub !== undefined) jwt = jwt.subject(sub as string);
  if (aud !== undefined) jwt = jwt.audience(...([aud].flat() as [string, ...string[]]));
  if (jti !== undefined) jwt = jwt.jwtId(jti as string);
  if (nbf !== undefined) jwt = jwt.notBefore(nbf as number);
  jwt = exp === undefined ? jwt.neverExpires() : jwt.expiresAt(exp as number);
  return keepTime && typeof iat === 'number' ? jwt.clock(() => iat * 1000) : jwt;
}

async function readParts(source: string): Promise<TokenParts> {
  if (source !== '-' && !source.startsWith('@')) {
    const fix = (await forgottenAt(source)) ?? 'Write --from - and pipe the JSON in.';
    throw usage('--from is neither - nor @FILE.', fix);
  }
  const bytes =
    source === '-' ? await readBoundedStdin() : (await readBoundedFile(source.slice(1), 'claims file')).bytes;
  const text = textOf(bytes);
  const json = objectIn(text);
  checkExact(text);
  // Claims alone are taken, too: they have no member `claims` that is an object.
  const claims = 'claims' in json ? json['claims'] : json;
  if (!isObject(claims)) {
    throw malformed(
      'The JSON of --from has no claims.',
      'An encrypted token shows them with tokenwright inspect --decrypt-key.',
    );
  }
  return { header: 'claims' in json && isObject(json['header']) ? json['header'] : {}, claims };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's words would quote the claims.
  }
  if (isObject(json)) return json;
  throw malformed('The JSON of --from cannot be read.', 'Pipe in what tokenwright inspect --json prints.');
}

/** @throws Failure for what would be signed otherwise than it stands there. */
function checkExact(text: string): void {
  if (hasRepeatedMembers(text)) {
    throw malformed(
      'The JSON of --from has a member twice.',
      'Readers differ in which they take: leave one out.',
    );
  }
  if (inexactNumbers(text).length > 0) {
    throw usage(
      'The JSON of --from has a number with too many digits, or too large, to stay exact.',
      'Write it as text, in quotes, if its reader takes that.',
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
