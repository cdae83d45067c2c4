/** Writes to standard output and standard error: colours only where a person looks, quiet when the reader has gone. */
import { styleText } from 'node:util';
import { EXIT } from '../exit-codes.js';
import { escapedJson, printable } from './escaping.js';

/** The styles in use. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Writes a line that is safe already: made here, or by {@link printable} and {@link escapedJson}. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a value as JSON, and nothing else. @param form on many lines, or on one for a program that reads on. */
export function printJson(value: unknown, form: 'lines' | 'line' = 'lines'): void {
  print(escapedJson(value, form === 'lines' ? 2 : undefined));
}

/** Says on standard error, in a line, what is wrong, and in a second one what to do. */
export function complain(message: string, fix?: string): void {
  const second = fix === undefined ? '' : `fix: ${printable(fix)}\n`;
  process.stderr.write(`tokenwright: ${printable(message)}\n${second}`);
}

/** Says in one line what is done all the same but should be done otherwise. */
export function warn(message: string): void {
  complain(`warning: ${message}`);
}

/** Text for standard output in a style: on a terminal, and never with NO_COLOR (no-color.org). */
export function styled(style: Style | readonly Style[], text: string): string {
  return isColoured() ? styleText(style as Style, text, { validateStream: false }) : text;
}

/** FORCE_COLOR is not asked: Node.js would let it win over NO_COLOR. */
function isColoured(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return process.stdout.isTTY === true && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}

/**
 * A reader that has gone (`| head`) is nobody's fault: the command runs on and ends with its own exit code, so that a
 * refused token is never reported as a good one. A full disk is told.
 */
export function guardStreams(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    complain(`Standard output cannot be written (${error.code ?? 'unknown'}).`);
    process.exitCode = EXIT.unreachable;
  });
}
