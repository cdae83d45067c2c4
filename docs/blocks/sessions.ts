/**
 * Makes one shell session of the `sh` and `console` blocks of a page: they run in order, in one bash, as they do for
 * somebody who reads the page with a terminal beside it.
 *
 * - `sh` has commands alone. Each must succeed. What stands behind two blanks and `#` is what the command prints; so is a
 *   following `text output` block, for all of its commands.
 * - `console` has commands behind `$ ` and below each what it prints; whether it succeeds is part of that.
 * - `no-run: reason` is not run. `until: text` goes on running once it has printed the text, and so does `command &`.
 * - A hidden `<!-- sh … -->` is set-up that readers have done already. It must succeed.
 */
import { spawnSync } from 'node:child_process';
import { type Fence, isOutput, isShell } from './fences.ts';

/** A command with its continuation lines. */
export interface Command {
  /** The line of the page on which it begins. */
  readonly line: number;
  readonly text: string;
  /** What the page says it prints; undefined where it says nothing. */
  readonly output: string | undefined;
  /** Its exit code has to be 0. */
  readonly succeeds: boolean;
  /** It stays: what is printed when it is ready. */
  readonly until: string | undefined;
}

/** A block of a session. */
export interface ShellBlock {
  readonly line: number;
  readonly hidden: boolean;
  /** Why it is not run; undefined for one that is. */
  readonly notRun: string | undefined;
  readonly commands: readonly Command[];
  /** What all of its commands together print, by a block of its own. */
  readonly output: { readonly line: number; readonly text: string } | undefined;
}

/** What a program that is stopped by hand says once it listens. */
const READY = 'Ctrl';
const NO_RUN = /^no-run: (?<reason>\S.{9,})$/;
const UNTIL = /^until: (?<until>\S.*)$/;
const COMMENTED = /^(?<command>.*?\S)\s{2,}# (?<output>.+)$/;

/** The blocks of a page's session. @throws Error for an info string or a transcript that says nothing known. */
export function sessionOf(fences: readonly Fence[]): readonly ShellBlock[] {
  return fences.flatMap((fence, index) => {
    if (!isShell(fence)) return [];
    const next = fences[index + 1];
    const output =
      next !== undefined && isOutput(next) ? { line: next.line, text: next.lines.join('\n') } : undefined;
    return [{ ...blockOf(fence), output }];
  });
}

function blockOf(fence: Fence): Omit<ShellBlock, 'output'> {
  const { line, hidden, info, language, page } = fence;
  const notRun = NO_RUN.exec(info)?.groups?.['reason'];
  const until = UNTIL.exec(info)?.groups?.['until'];
  if (info !== '' && notRun === undefined && until === undefined)
    throw new Error(
      `${page}:${line - 1}: "${info}" is not understood. Write nothing, "until: " and what it prints, or "no-run: " and why.`,
    );
  if (notRun !== undefined) return { line, hidden, notRun, commands: [] };
  const commands = language === 'console' ? transcriptOf(fence) : commandsOf(fence);
  return { line, hidden, notRun, commands: commands.map((one) => staying(one, until)) };
}

/** `command &` stays; with `until` every command of the block does. */
function staying(command: Command, until: string | undefined): Command {
  if (until !== undefined) return { ...command, until };
  const [, before] = /^(.*\S)\s*&$/s.exec(command.text) ?? [];
  return before === undefined || before.endsWith('&') ? command : { ...command, text: before, until: READY };
}

function commandsOf({ page, line, lines, hidden }: Fence): Command[] {
  const commands: Command[] = [];
  let open: string[] = [];
  for (const [index, text] of lines.entries()) {
    if (open.length === 0 && /^\s*(#|$)/.test(text)) continue;
    const { command = text, output } = (hidden ? undefined : COMMENTED.exec(text)?.groups) ?? {};
    open.push(command);
    if (!isComplete(open.join('\n'))) continue;
    const begins = line + index - open.length + 1;
    commands.push({ line: begins, text: open.join('\n'), output, succeeds: true, until: undefined });
    open = [];
  }
  if (open.length > 0)
    throw new Error(`${page}:${line + lines.length - open.length}: this command does not end`);
  return commands;
}

function transcriptOf({ page, line, lines }: Fence): Command[] {
  const commands: { line: number; text: string[]; output: string[] }[] = [];
  for (const [index, text] of lines.entries()) {
    const current = commands.at(-1);
    if (text.startsWith('$ ')) commands.push({ line: line + index, text: [text.slice(2)], output: [] });
    else if (current === undefined) throw new Error(`${page}:${line + index}: no command prints this`);
    else if (current.output.length === 0 && !isComplete(current.text.join('\n'))) current.text.push(text);
    else current.output.push(text);
  }
  return commands.map(({ line: begins, text, output }) => ({
    line: begins,
    text: text.join('\n'),
    output: output.join('\n'),
    succeeds: false,
    until: undefined,
  }));
}

/** As bash sees it: a quotation, a here-document or a line that ends in a backslash goes on. */
function isComplete(command: string): boolean {
  if (/\\$/.test(command)) return false;
  const { status, stderr } = spawnSync('bash', ['-n', '-c', command], { encoding: 'utf8' });
  return status === 0 && stderr === '';
}
