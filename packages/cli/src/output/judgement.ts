/** Shows which side of a call is wrong. */
import type { Call } from '../service/call.js';
import type { Judgement } from '../service/judgement.js';
import { printChecklist } from './checklist.js';
import { printable } from './escaping.js';
import { print, type Style, styled } from './terminal.js';

/** Prints what was called, what came back, what was checked here, and the judgement. */
export function printJudgement({ url, method, answer }: Call, judgement: Judgement): void {
  print(`${method} ${printable(url.href)}`);
  if (answer !== undefined) {
    print(`status     ${answer.status}`);
    for (const { scheme, parameters } of answer.challenges) {
      const words = [...parameters].map(([name, value]) => `${name}="${value}"`).join(', ');
      print(`challenge  ${printable(`${scheme} ${words}`.trim())}`);
    }
    print(`clock      ${clockWords(answer.clockAhead)}`);
  }
  if (judgement.report !== undefined) {
    print('');
    printChecklist(judgement.report, { everyFix: true });
  }
  print('');
  const style: Style = judgement.side === 'none' ? 'green' : 'red';
  print(`${styled(['bold', style], SIDES[judgement.side])}: ${printable(judgement.cause)}`);
  if (judgement.side !== 'none') print(`fix: ${printable(judgement.fix)}`);
}

/** What `--json` promises. */
export function judgementJson({ url, method, answer }: Call, judgement: Judgement): Record<string, unknown> {
  return {
    url: url.href,
    method,
    status: answer?.status ?? null,
    challenges: (answer?.challenges ?? []).map(({ scheme, parameters }) => ({
      scheme,
      parameters: Object.fromEntries(parameters),
    })),
    clockAhead: answer?.clockAhead ?? null,
    side: judgement.side,
    cause: judgement.cause,
    fix: judgement.fix,
    checks: judgement.report?.checks ?? null,
  };
}

const SIDES: Readonly<Record<Judgement['side'], string>> = {
  none: 'nothing is wrong',
  token: 'the token is wrong',
  permission: 'the permission is missing',
  service: 'the service is wrong',
  clock: 'a clock is wrong',
  request: 'the request is wrong',
  certificate: 'the certificate is not trusted',
  network: 'the service cannot be reached',
  unknown: 'not decided',
};

function clockWords(ahead: number | undefined): string {
  if (ahead === undefined) return 'the answer has no Date';
  if (ahead === 0) return 'agrees with this machine';
  return `${Math.abs(ahead)} seconds ${ahead > 0 ? 'ahead of' : 'behind'} this machine`;
}
