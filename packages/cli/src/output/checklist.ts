/** Shows a decision report as a checklist: what was asked, what the token has, why it fails and what to do. */
import type { ExplainedCheck, Explanation } from '@tokenwright/jwt';
import { printable } from './escaping.js';
import { inOptions } from './option-names.js';
import { print, type Style, styled } from './terminal.js';

const OUTCOMES: Readonly<Record<ExplainedCheck['outcome'], { word: string; style: Style }>> = {
  pass: { word: 'pass', style: 'green' },
  fail: { word: 'FAIL', style: 'red' },
  skipped: { word: 'skip', style: 'dim' },
};

/** Prints every check in order; under the one that decides, or under each that fails, what it expected and its fix. */
export function printChecklist(
  { checks, decisive }: Explanation,
  { everyFix = false }: { everyFix?: boolean } = {},
): void {
  const width = Math.max(...checks.map(({ check }) => check.length));
  for (const check of checks) {
    const { word, style } = OUTCOMES[check.outcome];
    print(`${styled(style, word)}  ${check.check.padEnd(width)}  ${printable(wordsOf(check))}`);
    if (check !== decisive && !(everyFix && check.outcome === 'fail')) continue;
    const margin = ' '.repeat(width + 8);
    if (check.expected !== undefined) print(`${margin}expected: ${printable(check.expected)}`);
    if (check.actual !== undefined) print(`${margin}actual: ${printable(check.actual)}`);
    if (check.fix !== undefined) print(`${margin}fix: ${printable(inOptions(check.fix))}`);
  }
}

function wordsOf({ outcome, trusted, dependsOnSignature, actual, cause }: ExplainedCheck): string {
  if (outcome === 'skipped') return inOptions(cause ?? '');
  const words = outcome === 'fail' ? inOptions(cause ?? '') : (actual ?? '');
  // Before the signature nothing is trusted yet, and that needs no saying; after it, it does.
  return trusted || !dependsOnSignature ? words : `${words} (untrusted)`;
}
