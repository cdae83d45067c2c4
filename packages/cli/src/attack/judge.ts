/** Judges the answer to an attack: status, challenge (RFC 6750 §3), and what the answer gives away. */
import type { Answer } from '../network/request.js';
import { type Challenge, parseChallenges } from '../service/challenges.js';
import type { Attack } from './attack.js';

/** `fault`: the attack succeeds, or breaks something. `weak`: it does not, and the answer is not what standards ask for. */
export type Outcome = 'pass' | 'weak' | 'fault';

/** A judgement. */
export interface Verdict {
  readonly outcome: Outcome;
  /** What was wrong; for a pass, what was right. */
  readonly words: string;
}

/** Judges an answer. @param sent what must not come back: the credentials of the request. */
export function judgeAnswer(attack: Attack, answer: Answer, sent: string): Verdict {
  const body = answer.body.toString('latin1');
  const fields = [...answer.headers.values()].flat().join('\n');
  if (sent.length > 40 && (body.includes(sent) || fields.includes(sent))) {
    return fault('the answer repeats the token');
  }
  if (/\n\s+at .{1,300}:\d+:\d+|Traceback \(most recent call last\)/.test(body)) {
    return fault('the answer shows a stack trace');
  }
  const { status } = answer;
  if (status < 300) return accepted(attack);
  if (status >= 500) return fault(`${status}: bad input breaks the service`);
  if (status === 401)
    return unauthorized(attack, parseChallenges(answer.headers.get('www-authenticate') ?? []));
  if (status === 400 || status === 413 || status === 414 || status === 431) return badRequest(attack, status);
  return weak(`${status}, where 401 is due (RFC 6750 §3.1)`);
}

function accepted({ level, why }: Attack): Verdict {
  return level === 'should' ? weak(`accepted. ${why}`) : fault(`accepted. ${why}`);
}

function unauthorized({ expects }: Attack, challenges: readonly Challenge[]): Verdict {
  if (challenges.length === 0) return fault('401 without a challenge (RFC 9110 §15.5.2)');
  const bearer = challenges.find(({ scheme }) => scheme.toLowerCase() === 'bearer');
  if (bearer === undefined) return weak('401 without a challenge for Bearer (RFC 6750 §3)');
  const error = bearer.parameters.get('error');
  if (expects === 'invalid token' && error === undefined) {
    return weak('401 without error="invalid_token" (RFC 6750 §3.1)');
  }
  if (expects === 'no token' && error !== undefined) {
    return weak(`401 with error="${error}" though no token came (RFC 6750 §3.1)`);
  }
  return { outcome: 'pass', words: error === undefined ? '401' : `401 ${error}` };
}

function badRequest({ expects, group }: Attack, status: number): Verdict {
  // What cannot be read as a token may be called a bad request just as well.
  if (expects === 'invalid token' && group !== 'form')
    return weak(`${status}, where 401 is due (RFC 6750 §3.1)`);
  return { outcome: 'pass', words: String(status) };
}

function fault(words: string): Verdict {
  return { outcome: 'fault', words };
}

function weak(words: string): Verdict {
  return { outcome: 'weak', words };
}
