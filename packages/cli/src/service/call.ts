/** Calls a service with a token and keeps what a judgement needs: status, challenges, its clock, or why there is no answer. */
import { inspect } from '@tokenwright/jwt/inspect';
import { malformed } from '../failure.js';
import { faultOf, type NetworkFault } from '../network/faults.js';
import { type Answer, readCa, send } from '../network/request.js';
import { whileWaiting } from '../output/progress.js';
import { type Challenge, parseChallenges } from './challenges.js';

/** An answer as far as it was understood. */
export interface ServiceAnswer {
  readonly status: number;
  readonly challenges: readonly Challenge[];
  /** How far the service's clock is ahead of this machine's, in seconds; undefined without a usable `Date`. */
  readonly clockAhead: number | undefined;
  /** Where it redirects to. */
  readonly location: string | undefined;
  /** `code`, `detail` or `title` of a problem (RFC 9457), the OAuth error of a JSON body, or the beginning of a plain text. */
  readonly problem: string | undefined;
}

/** A call: answered, or not. */
export interface Call {
  readonly url: URL;
  readonly method: string;
  readonly answer: ServiceAnswer | undefined;
  readonly fault: NetworkFault | undefined;
}

/** How to call. */
export interface CallOptions {
  readonly method: string;
  /** The file of a certificate authority to trust. */
  readonly ca: string | undefined;
}

/** Calls the service, once, with the token as RFC 6750 §2.1 has it. @throws Failure for a token that cannot stand in a header. */
export async function callService(url: URL, token: string, { method, ca }: CallOptions): Promise<Call> {
  // Nothing but a token goes to a service: what was pasted by mistake may be a secret.
  if (inspect(token).kind === 'malformed') {
    throw malformed(
      'The token is malformed, and is not sent.',
      'tokenwright inspect says where it is wrong.',
    );
  }
  const authority = await readCa(ca);
  const headers = [
    'Authorization',
    `Bearer ${token}`,
    'Accept',
    'application/json, text/plain;q=0.9, */*;q=0.1',
  ];
  const begun = Date.now();
  try {
    const answer = await whileWaiting(
      `calling ${url.origin}`,
      send(url, { method, headers, ca: authority, maxBytes: 65_536 }),
    );
    return { url, method, answer: understood(answer, begun, Date.now()), fault: undefined };
  } catch (error) {
    return { url, method, answer: undefined, fault: faultOf(error) };
  }
}

function understood({ status, headers, body }: Answer, begun: number, ended: number): ServiceAnswer {
  return {
    status,
    challenges: parseChallenges(headers.get('www-authenticate') ?? []),
    clockAhead: clockAhead(headers.get('date')?.[0], begun, ended),
    location: headers.get('location')?.[0],
    problem: problemIn(body, headers.get('content-type')?.[0] ?? ''),
  };
}

/**
 * The Date field has whole seconds (RFC 9110 §6.6.1) and was written at some moment of the call: what those two cannot
 * tell apart counts as no difference.
 */
function clockAhead(date: string | undefined, begun: number, ended: number): number | undefined {
  const theirs = date === undefined ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return undefined;
  if (theirs > ended) return Math.round((theirs - ended) / 1000);
  return theirs + 1000 < begun ? -Math.round((begun - theirs - 1000) / 1000) : 0;
}

function problemIn(body: Buffer, type: string): string | undefined {
  const text = body.toString('utf8');
  if (/^text\/plain\b/i.test(type)) return text.trim().slice(0, 200) || undefined;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return undefined;
    const members = json as Record<string, unknown>;
    const words = ['detail', 'error_description', 'title', 'error', 'message'].map((name) => members[name]);
    return words.find((word) => typeof word === 'string')?.slice(0, 200);
  } catch {
    return undefined;
  }
}
