/** Compares what a shell printed with what its page shows. Times, random IDs and keys are different every time. */
import { wildcards } from './outputs.ts';
import type { Ran } from './shell.ts';

const VOLATILE: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\b1[789]\d{8}\b/g, 'SECONDS'],
  [/(just now|\d+ (seconds?|minutes?) ago|in \d+ (seconds|minutes)|in 1 hour)/g, 'THEN'],
  [/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'UUID'],
  [/"[\w-]{22}"/g, '"ID"'],
  [/eyJ[\w-]+(\.[\w-]*){2,4}/g, 'TOKEN'],
  [/[\w-]{43}/g, 'THUMBPRINT'],
  [/-----BEGIN[\s\S]*?-----END/g, 'PEM'],
  [/password \S+/g, 'password SECRET'],
  [/\d+ characters/g, 'characters'],
];

/** Whether a page shows what was printed; `…` on the page stands for anything within a line. */
export function shows(text: string, printed: string): boolean {
  return wildcards(normal(text)).test(normal(printed));
}

/** What is wrong with a command; undefined when nothing is. */
export function faultOf({ command, printed, exitCode }: Ran): string | undefined {
  const { text, succeeds, until, output } = command;
  if (until !== undefined && exitCode !== undefined) return `ended by itself with ${exitCode}: ${printed}`;
  if (succeeds && (exitCode ?? 0) !== 0) return `exit code ${exitCode}: ${printed}`;
  if (output === undefined || shows(output, printed)) return undefined;
  return `\`${text}\` printed:\n${printed}\nand the page says:\n${output}`;
}

function normal(text: string): string {
  return VOLATILE.reduce((all, [pattern, name]) => all.replace(pattern, name), text).trimEnd();
}
