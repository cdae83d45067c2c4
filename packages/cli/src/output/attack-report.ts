/** The results of an attack run: as a table, as JSON, and as JUnit XML for build servers. */
import type { AttackResult, AttackRun } from '../attack/run.js';
import { printable } from './escaping.js';
import { print, type Style, styled } from './terminal.js';

/** How many results of each outcome there are. */
export interface AttackCounts {
  readonly pass: number;
  readonly weak: number;
  readonly fault: number;
  readonly skipped: number;
}

/** Counts results. */
export function countsOf(results: readonly AttackResult[]): AttackCounts {
  const count = (outcome: AttackResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return { pass: count('pass'), weak: count('weak'), fault: count('fault'), skipped: count('skipped') };
}

const SHOWN: Readonly<Record<AttackResult['outcome'], { word: string; style: Style }>> = {
  pass: { word: 'pass ', style: 'green' },
  weak: { word: 'weak ', style: 'yellow' },
  fault: { word: 'FAULT', style: 'red' },
  skipped: { word: 'skip ', style: 'dim' },
};

/** Prints one line for each attack, and the counts. */
export function printAttackTable(url: URL, results: readonly AttackResult[]): void {
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, outcome, status, words } of results) {
    const { word, style } = SHOWN[outcome];
    const shown = words.startsWith(String(status)) ? words : `${status ?? '   '} ${words}`;
    print(`${styled(style, word)}  ${name.padEnd(width)}  ${printable(shown)}`);
  }
  const { pass, weak, fault, skipped } = countsOf(results);
  print('');
  print(`${printable(url.href)}: ${fault} faults, ${weak} weaknesses, ${pass} passed, ${skipped} skipped`);
}

/** What `--json` promises. */
export function attackJson(url: URL, { results, incomplete }: AttackRun): Record<string, unknown> {
  return { url: url.href, ...countsOf(results), incomplete: incomplete ?? null, results };
}

/**
 * JUnit XML: what fails the run is a failure there, too, and a run that ended early an error; a weakness that does not fail
 * it is printed with its test.
 *
 * @param strict whether weaknesses fail the run.
 */
export function junitXml(url: URL, { results, incomplete }: AttackRun, strict: boolean): string {
  const { fault, weak, skipped } = countsOf(results);
  const failures = strict ? fault + weak : fault;
  const cases = results.map((result) => {
    const { name, group, words } = result;
    const inner = {
      pass: '',
      weak: strict ? `<failure message="${xml(words)}"/>` : `<system-out>${xml(words)}</system-out>`,
      fault: `<failure message="${xml(words)}"/>`,
      skipped: `<skipped message="${xml(words)}"/>`,
    }[result.outcome];
    return `    <testcase classname="${xml(group)}" name="${xml(name)}">${inner}</testcase>`;
  });
  if (incomplete !== undefined) {
    cases.push(
      `    <testcase classname="run" name="complete"><error message="${xml(incomplete)}"/></testcase>`,
    );
  }
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="tokenwright attack ${xml(url.href)}" tests="${cases.length}" failures="${failures}" skipped="${skipped}" errors="${cases.length - results.length}">
${cases.join('\n')}
  </testsuite>
</testsuites>
`;
}

/** XML has no way to write most control characters at all. */
function xml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
