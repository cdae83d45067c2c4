/** Sends the attacks, one after the other, between two calls with the good token that show that the service lives. */
import { faultOf } from '../network/faults.js';
import { type Answer, send } from '../network/request.js';
import { type Attack, type AttackRequest, withToken } from './attack.js';
import type { Forge } from './forge.js';
import { judgeAnswer, type Outcome } from './judge.js';

/** What came of an attack. */
export interface AttackResult {
  readonly name: string;
  readonly group: string;
  readonly outcome: Outcome | 'skipped';
  /** Null where nothing was sent, or nothing came back. */
  readonly status: number | null;
  readonly words: string;
}

/** What came of all of them. */
export interface AttackRun {
  readonly results: readonly AttackResult[];
  /** Why it says too little: it ended before its time, or nothing was judged. */
  readonly incomplete: string | undefined;
}

/** What is attacked, and how. */
export interface Target {
  readonly url: URL;
  readonly method: string;
  readonly ca: string | undefined;
}

/** A request may take so long, in milliseconds. */
const TIMEOUT = 5000;
/** After so many requests in a row without an answer there is nobody left to judge. */
const MOST_UNANSWERED = 3;

/** Sends a token. @throws what the request throws. */
export function sendToken(target: Target, token: string): Promise<Answer> {
  return request(target, withToken(token) ?? { headers: [] });
}

/** Runs the attacks. @param tell called before each, with how many were sent and how many there are. */
export async function runAttacks(
  target: Target,
  attacks: readonly Attack[],
  forge: Forge,
  tell: (done: number, all: number) => void,
): Promise<AttackRun> {
  const results: AttackResult[] = [];
  let unanswered = 0;
  let stopped: string | undefined;
  for (const [index, attack] of attacks.entries()) {
    tell(index, attacks.length);
    const made = stopped === undefined ? attack.request(forge) : undefined;
    if (made === undefined) {
      results.push(skipped(attack, stopped ?? reasonFor(attack)));
      continue;
    }
    const result = await attempt(target, attack, made);
    results.push(result);
    unanswered = result.status === null ? unanswered + 1 : 0;
    if (result.status === 429) stopped = 'the service answers 429: too many requests';
    if (unanswered >= MOST_UNANSWERED) stopped = 'the service does not answer any more';
  }
  const judged = results.filter(({ outcome }) => outcome !== 'skipped').length;
  const last = await afterwards(target, forge);
  // Only now: a service may follow a link after it has answered.
  const baited = results.map((result, index) => withLure(result, attacks[index], forge));
  return {
    results: [...baited, last],
    incomplete:
      stopped === undefined
        ? judged === 0
          ? 'no attack goes with this token'
          : undefined
        : `${stopped}; ${judged} of ${attacks.length} attacks were judged`,
  };
}

/** Being called where a token points to is a fault by itself: a stranger has sent the service there. */
function withLure(result: AttackResult, attack: Attack | undefined, { lures }: Forge): AttackResult {
  if (attack?.lure === undefined || !lures?.wasCalled(attack.lure) || result.outcome === 'fault')
    return result;
  return { ...result, outcome: 'fault', words: `${result.status}, but it called there. ${attack.why}` };
}

function reasonFor({ needs }: Attack): string {
  return needs === undefined ? 'does not go with this token' : `needs ${needs}`;
}

async function attempt(target: Target, attack: Attack, made: AttackRequest): Promise<AttackResult> {
  const { name, group } = attack;
  try {
    const answer = await request(target, made);
    if (answer.status === 429) return { ...skipped(attack, '429: too many requests'), status: 429 };
    const { outcome, words } = judgeAnswer(attack, answer, sentIn(made));
    return { name, group, outcome, status: answer.status, words };
  } catch (error) {
    return { name, group, outcome: 'fault', status: null, words: `no answer: ${faultOf(error).cause}` };
  }
}

/** A service that lives on accepts its good token as before. */
async function afterwards(target: Target, forge: Forge): Promise<AttackResult> {
  const base = { name: 'good-token-afterwards', group: 'request' };
  try {
    const { status } = await sendToken(target, forge.good);
    if (status === 429) return { ...base, outcome: 'skipped', status, words: '429: too many requests' };
    return status < 300
      ? { ...base, outcome: 'pass', status, words: 'the good token is accepted as before' }
      : { ...base, outcome: 'fault', status, words: 'the good token is no longer accepted' };
  } catch (error) {
    return { ...base, outcome: 'fault', status: null, words: `no answer: ${faultOf(error).cause}` };
  }
}

function request({ url, method, ca }: Target, { headers, query }: AttackRequest): Promise<Answer> {
  const address = new URL(url);
  if (query !== undefined) address.search = [address.search.slice(1), query].filter(Boolean).join('&');
  return send(address, {
    method,
    headers: [...headers, 'Accept', '*/*'],
    ca,
    timeout: TIMEOUT,
    maxBytes: 65_536,
  });
}

/** The longest run of characters of a token in what was sent. */
function sentIn({ headers, query = '' }: AttackRequest): string {
  const runs = [...headers, query].flatMap((text) => text.match(/[\w.-]+/g) ?? []);
  return runs.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

function skipped({ name, group }: Attack, words: string): AttackResult {
  return { name, group, outcome: 'skipped', status: null, words };
}
