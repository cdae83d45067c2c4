/** Which side of a refused call is wrong: the token, the service, one of the clocks, the certificate, or the request. */
import { type Explanation, explain, type JwtValidator } from '@tokenwright/jwt';
import { type Inspection, inspect } from '@tokenwright/jwt/inspect';
import { humanTime } from '../output/human-times.js';
import { inOptions } from '../output/option-names.js';
import type { Call, ServiceAnswer } from './call.js';

/** The side that is wrong; `none` when the token was accepted, `unknown` when nothing shows it. */
export type Side =
  | 'none'
  | 'token'
  | 'permission'
  | 'service'
  | 'clock'
  | 'request'
  | 'certificate'
  | 'network'
  | 'unknown';

/** A judgement, for people. */
export interface Finding {
  readonly side: Side;
  readonly cause: string;
  readonly fix: string;
}

/** A judgement with what was checked here. */
export interface Judgement extends Finding {
  readonly report: Explanation | undefined;
}

/**
 * Judges a call.
 *
 * @param validator what is known here of key, issuer and audience; undefined when nothing is.
 */
export async function judge(
  token: string,
  { url, answer, fault }: Call,
  validator: JwtValidator | undefined,
): Promise<Judgement> {
  const report = validator === undefined ? undefined : await explain(token, validator);
  const finding =
    fault ?? (answer === undefined ? NOTHING : judgeAnswer(answer, url, inspect(token), report));
  return { ...finding, report };
}

const NOTHING: Finding = { side: 'unknown', cause: 'There was no answer.', fix: 'Call again.' };

function judgeAnswer(
  answer: ServiceAnswer,
  url: URL,
  seen: Inspection,
  report: Explanation | undefined,
): Finding {
  const { status, challenges, location } = answer;
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')?.parameters;
  if (status < 300) return accepted(report);
  if (status < 400) {
    return {
      side: 'request',
      cause: `The service redirects${location === undefined ? '' : ` to ${location.slice(0, 200)}`}: no token is sent after a redirect.`,
      fix: 'Call the final address; a login page means that the route wants a session, not a token.',
    };
  }
  if (status === 401) return unauthorized(answer, bearer, seen, report);
  if (status === 403) return forbidden(bearer?.get('scope'), bearer?.get('error'), answer);
  if (status === 503 && answer.problem === undefined) return BUSY;
  if (status >= 500) {
    return { side: 'service', cause: `The service fails (${status}).`, fix: 'See its log.' };
  }
  return { side: 'request', ...requestFault(status, url, answer.problem) };
}

function accepted(report: Explanation | undefined): Finding {
  const cause = 'The service accepts the token.';
  if (report === undefined || report.accepted) return { side: 'none', cause, fix: 'Nothing to do.' };
  return {
    side: 'none',
    cause: `${cause} By what was given here it would be refused: ${inOptions(report.decisive?.cause ?? '')}`,
    fix: 'Either --key, --issuer or --audience are not those of the service, or the route does not check them.',
  };
}

const BUSY: Finding = {
  side: 'service',
  cause: 'The service is not ready (503); it may be unable to fetch the keys of its issuer.',
  fix: 'Try again; then see its log.',
};

/** The questions in their order; the first with an answer decides. */
function unauthorized(
  answer: ServiceAnswer,
  bearer: ReadonlyMap<string, string> | undefined,
  seen: Inspection,
  report: Explanation | undefined,
): Finding {
  const schemes = answer.challenges.map(({ scheme }) => scheme);
  if (bearer === undefined && schemes.length > 0) {
    return {
      side: 'request',
      cause: `The route asks for ${schemes.join(' or ')}, and not for a bearer token.`,
      fix: 'Call the route that takes tokens; this one may be where they are issued.',
    };
  }
  return (
    byTime(answer, seen, Date.now()) ??
    byKnowledge(report) ??
    byDescription(bearer?.get('error_description') ?? answer.problem ?? '', seen) ??
    byMissingError(bearer) ??
    unexplained(seen, report)
  );
}

function byTime({ clockAhead }: ServiceAnswer, seen: Inspection, now: number): Finding | undefined {
  const theirs = now + (clockAhead ?? 0) * 1000;
  const end = seen.expiresAt?.getTime();
  const begin = Math.max(seen.notBefore?.getTime() ?? 0, seen.issuedAt?.getTime() ?? 0);
  if (end !== undefined && end <= now && end <= theirs) {
    return {
      side: 'token',
      cause: `The token has ended: ${humanTime('exp', end / 1000, now) ?? ''}.`,
      fix: 'Get a new one, or renew it before it ends: tokenwright renew.',
    };
  }
  if (end !== undefined && end <= theirs) return clockFinding(clockAhead ?? 0, 'has ended');
  if (begin > theirs && begin <= now) return clockFinding(clockAhead ?? 0, 'is not valid yet');
  if (begin > now && begin > theirs) {
    return {
      side: 'token',
      cause: `The token is not valid yet: it begins at ${new Date(begin).toISOString()}.`,
      fix: 'Wait, or check the clock of whoever issued it.',
    };
  }
  return undefined;
}

function clockFinding(ahead: number, state: string): Finding {
  const direction = ahead > 0 ? 'ahead of' : 'behind';
  return {
    side: 'clock',
    cause: `The clocks differ: the service's is ${Math.abs(ahead)} seconds ${direction} this machine's, and by it the token ${state}.`,
    fix: 'Set the clocks by NTP on both machines; compare each with a third to see which is wrong.',
  };
}

function byKnowledge(report: Explanation | undefined): Finding | undefined {
  const { decisive } = report ?? {};
  if (decisive === undefined) return undefined;
  const words = `${inOptions(decisive.cause ?? '')}`;
  const compared =
    decisive.expected === undefined || decisive.actual === undefined || decisive.check === 'expiry'
      ? ''
      : ` Expected ${decisive.expected}, got ${decisive.actual}.`;
  const cause =
    decisive.check === 'signature' || decisive.check === 'key'
      ? `The token was signed with another key: ${words}`
      : `${words}${compared}`;
  return { side: 'token', cause, fix: inOptions(decisive.fix ?? 'Get another token.') };
}

/** What services say, more or less in these words; the first that fits counts. */
const DESCRIPTIONS: readonly (readonly [RegExp, Finding])[] = [
  [
    /audience|\baud\b/i,
    {
      side: 'token',
      cause: 'The service says that the token is for another audience.',
      fix: 'Ask the issuer for a token for this service; audiences are compared exactly.',
    },
  ],
  [
    /issuer|\biss\b/i,
    {
      side: 'token',
      cause: 'The service says that the token is from another issuer.',
      fix: 'Get the token from the issuer that the service trusts; issuers are compared exactly.',
    },
  ],
  [
    /revoked/i,
    {
      side: 'token',
      cause: 'The service says that the token was revoked.',
      fix: 'Sign in again for a new one.',
    },
  ],
  [
    /expired/i,
    {
      side: 'service',
      cause: 'The service says that the token expired, though by its exp and by both clocks it has not.',
      fix: 'It may limit the age of tokens; see its configuration.',
    },
  ],
  [
    /signature|\bkey\b|\bkid\b/i,
    {
      side: 'token',
      cause: 'The service says that the token was signed with another key.',
      fix: 'Compare the key of the issuer with that of the service; after a rotation get a new token.',
    },
  ],
];

function byDescription(description: string, { audience, issuer }: Inspection): Finding | undefined {
  const finding = DESCRIPTIONS.find(([words]) => words.test(description))?.[1];
  if (finding === undefined) return undefined;
  if (finding.cause.includes('audience')) {
    return { ...finding, cause: `${finding.cause} It is for ${audience.join(', ') || 'none'}.` };
  }
  if (finding.cause.includes('issuer')) {
    return { ...finding, cause: `${finding.cause} It is from ${issuer ?? 'none'}.` };
  }
  return finding;
}

/** RFC 6750 §3.1: no error when the request lacks authentication. */
function byMissingError(bearer: ReadonlyMap<string, string> | undefined): Finding | undefined {
  if (bearer === undefined || bearer.has('error')) return undefined;
  return {
    side: 'request',
    cause:
      'The challenge names no error, as when no token came: the service may not have seen it (RFC 6750 §3.1).',
    fix: 'Look for a proxy that drops the Authorization field.',
  };
}

function unexplained({ audience, issuer, algorithm }: Inspection, report: Explanation | undefined): Finding {
  if (report?.accepted) {
    return {
      side: 'service',
      cause:
        'By what was given here the token is good, and the service refuses it: it has another key, issuer or audience configured.',
      fix: `Compare its configuration with the token: issuer ${issuer ?? 'none'}, audience ${audience.join(', ') || 'none'}, algorithm ${algorithm ?? 'none'}.`,
    };
  }
  return {
    side: 'unknown',
    cause:
      'The service does not say why, and the times of the token are good: another key, issuer or audience.',
    fix: 'Give --key, --issuer and --audience of the service, and the one that differs is named; its log says it, too.',
  };
}

function forbidden(
  scope: string | undefined,
  error: string | undefined,
  { problem }: ServiceAnswer,
): Finding {
  const needed = scope === undefined ? '' : ` It needs the scope ${scope}.`;
  return {
    side: 'permission',
    cause:
      error === 'insufficient_scope' || scope !== undefined
        ? `The token is good and does not allow this.${needed}`
        : `The service knows who calls and does not allow this${problem === undefined ? '' : `: ${problem}`}.`,
    fix: 'Ask for a token with the scope or role that the route needs: tokenwright inspect shows what it has.',
  };
}

function requestFault(
  status: number,
  { pathname }: URL,
  problem: string | undefined,
): { cause: string; fix: string } {
  const said = problem === undefined ? '' : ` It says: ${problem}`;
  if (status === 404)
    return { cause: `There is no ${pathname} at the service (404).`, fix: 'Check the path.' };
  if (status === 405) return { cause: 'The route has another method (405).', fix: 'Name it with --method.' };
  if (status === 429) return { cause: 'There were too many requests (429).', fix: 'Wait.' };
  return { cause: `The service cannot read the request (${status}).${said}`, fix: 'See what it expects.' };
}
