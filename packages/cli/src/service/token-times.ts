/** Whether it is the time that a token is refused for, and by whose clock (RFC 7519 §4.1.4, §4.1.5). */
import type { Inspection } from '@tokenwright/jwt/inspect';
import { humanTime } from '../output/human-times.js';
import type { Finding, Moment } from './finding.js';

/** What decides by itself: a time that lies outside of what clocks may differ, by this clock or by the service's. */
export function byTime({ expiresAt, notBefore }: Inspection, moment: Moment): Finding | undefined {
  const { now, tolerance } = moment;
  const theirs = theirTime(moment);
  const [end, begin] = [expiresAt?.getTime(), notBefore?.getTime()];
  const allowed = tolerance * 1000;
  if (end !== undefined && end + allowed <= now && end <= theirs) return ended(end, now);
  if (begin !== undefined && begin - allowed > now && begin > theirs) return notYetValid(begin);
  // A difference that every service allows for explains nothing.
  if (!isSkewed(moment)) return undefined;
  if (end !== undefined && end > now && end <= theirs) return clockFinding(moment, 'has ended');
  if (begin !== undefined && begin <= now && begin > theirs) return clockFinding(moment, 'is not valid yet');
  return undefined;
}

/** Why the service can say that the token has ended. */
export function byExpiry({ expiresAt }: Inspection, moment: Moment): Finding {
  const end = expiresAt?.getTime();
  if (end !== undefined && end <= moment.now) return ended(end, moment.now);
  if (end !== undefined && end <= theirTime(moment)) return clockFinding(moment, 'has ended');
  return {
    side: 'service',
    cause: 'The service says that the token expired, though by its exp and by both clocks it has not.',
    fix: 'It may limit the age of tokens; see its configuration.',
  };
}

/** Why the service can say that the token is not valid yet. */
export function byBeginning({ notBefore, issuedAt }: Inspection, moment: Moment): Finding {
  const begin = Math.max(notBefore?.getTime() ?? 0, issuedAt?.getTime() ?? 0);
  if (begin > moment.now) return notYetValid(begin);
  if (begin > theirTime(moment)) return clockFinding(moment, 'is not valid yet');
  return {
    side: 'service',
    cause: 'The service says that the token is not valid yet, though by its nbf and by both clocks it is.',
    fix: 'See the log and the clock of the service.',
  };
}

/** What is left where nothing else explains the refusal: services differ in what they allow, and in whether they ask for iat. */
export function byNearTime({ expiresAt, issuedAt }: Inspection, moment: Moment): Finding | undefined {
  const { now } = moment;
  const theirs = theirTime(moment);
  const end = expiresAt?.getTime();
  if (end !== undefined && end <= Math.max(now, theirs)) {
    return {
      side: 'token',
      cause: `The token ends about now (${humanTime('exp', end / 1000, now) ?? ''}), and the service may allow for less than ${moment.tolerance} seconds.`,
      fix: 'Get a new one, or renew it before it ends: tokenwright renew.',
    };
  }
  const issued = issuedAt?.getTime() ?? 0;
  return isSkewed(moment) && issued <= now && issued > theirs
    ? clockFinding(moment, 'is issued in the future, which is not valid yet to some')
    : undefined;
}

function theirTime({ now, clockAhead }: Moment): number {
  return now + (clockAhead ?? 0) * 1000;
}

function isSkewed({ clockAhead, tolerance }: Moment): boolean {
  return Math.abs(clockAhead ?? 0) > tolerance;
}

function ended(end: number, now: number): Finding {
  return {
    side: 'token',
    cause: `The token has ended: ${humanTime('exp', end / 1000, now) ?? ''}.`,
    fix: 'Get a new one, or renew it before it ends: tokenwright renew.',
  };
}

function notYetValid(begin: number): Finding {
  return {
    side: 'token',
    cause: `The token is not valid yet: it begins at ${new Date(begin).toISOString()}.`,
    fix: 'Wait, or check the clock of whoever issued it.',
  };
}

function clockFinding({ clockAhead = 0 }: Moment, state: string): Finding {
  const direction = clockAhead > 0 ? 'ahead of' : 'behind';
  return {
    side: 'clock',
    cause: `The clocks differ: the service's is ${Math.abs(clockAhead)} seconds ${direction} this machine's, and by it the token ${state}.`,
    fix: 'Set the clocks by NTP on both machines; compare each with a third to see which is wrong.',
  };
}
