/** Which side of a refused call is wrong: the token, the service, one of the clocks, the certificate, or the request. */
import { type Inspection, inspect } from '@tokenwright/jwt/inspect';
import { inOptions } from '../output/option-names.js';
import type { Call, ServiceAnswer } from './call.js';
import { byDescription } from './descriptions.js';
import type { Finding, Moment } from './finding.js';
import type { KnownReport } from './knowledge.js';
import { byNearTime, byTime } from './token-times.js';

/** A judgement with what was checked here. */
export interface Judgement extends Finding {
  readonly report: KnownReport | undefined;
}

/**
 * Judges a call.
 *
 * @param report what is known here of key, issuer and audience, held against the token; undefined when nothing is.
 * @param tolerance how far clocks may differ, in seconds.
 */
export function judge(
  token: string,
  { url, answer, fault }: Call,
  report: KnownReport | undefined,
  tolerance: number,
): Judgement {
  if (fault !== undefined) return { ...fault, report };
  if (answer === undefined) return { ...NOTHING, report };
  const moment = { now: Date.now(), clockAhead: answer.clockAhead, tolerance };
  return { ...judgeAnswer(answer, url, inspect(token), report, moment), report };
}

const NOTHING: Finding = { side: 'unknown', cause: 'There was no answer.', fix: 'Call again.' };

function judgeAnswer(
  answer: ServiceAnswer,
  url: URL,
  seen: Inspection,
  report: KnownReport | undefined,
  moment: Moment,
): Finding {
  const { status, challenges, location } = answer;
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer')?.parameters;
  const error = bearer?.get('error');
  if (status < 300) return accepted(report);
  if (status < 400) {
    return {
      side: 'request',
      cause: `The service redirects${location === undefined ? '' : ` to ${location.slice(0, 200)}`}: no token is sent after a redirect.`,
      fix: 'Call the final address; a login page means that the route wants a session, not a token.',
    };
  }
  // Some services mix the two up (RFC 6750 §3.1): what the challenge says counts more than the number.
  const isScope = error === 'insufficient_scope';
  if ((status === 401 && !isScope) || (status === 403 && error === 'invalid_token')) {
    return unauthorized(answer, bearer, seen, report, moment);
  }
  if (status === 403 || isScope) return forbidden(bearer?.get('scope'), error, answer);
  if (status === 503 && answer.problem === undefined) return BUSY;
  if (status >= 500) {
    return { side: 'service', cause: `The service fails (${status}).`, fix: 'See its log.' };
  }
  return { side: 'request', ...requestFault(status, url, answer.problem) };
}

function accepted(report: KnownReport | undefined): Finding {
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

/** The questions in their order; the first with an answer decides: what is said, then what is known, then what the clocks tell. */
function unauthorized(
  answer: ServiceAnswer,
  bearer: ReadonlyMap<string, string> | undefined,
  seen: Inspection,
  report: KnownReport | undefined,
  moment: Moment,
): Finding {
  const schemes = answer.challenges.map(({ scheme }) => scheme);
  if (bearer === undefined && schemes.length > 0) {
    return {
      side: 'request',
      cause: `The route asks for ${schemes.join(' or ')}, and not for a bearer token.`,
      fix: 'Call the route that takes tokens; this one may be where they are issued.',
    };
  }
  const decisive = report?.decisive?.check;
  const isTime = TIMES.has(decisive ?? '');
  const said = byDescription([bearer?.get('error_description'), answer.problem], seen, moment);
  return (
    (said?.about !== undefined && said.about === decisive ? byKnowledge(report) : said) ??
    (isTime ? undefined : byKnowledge(report)) ??
    byTime(seen, moment) ??
    byKnowledge(report) ??
    byMissingError(bearer) ??
    byNearTime(seen, moment) ??
    unexplained(seen, report)
  );
}

/** What the clocks tell better, for they also say whose clock it is. */
const TIMES: ReadonlySet<string> = new Set(['expiry', 'not before', 'issued at']);

function byKnowledge(report: KnownReport | undefined): Finding | undefined {
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

function unexplained({ audience, issuer, algorithm }: Inspection, report: KnownReport | undefined): Finding {
  if (report?.accepted && report.hasKey) {
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
