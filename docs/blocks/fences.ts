/** Reads the fenced blocks of a page (CommonMark §4.5), and the hidden code before them. */
import type { Page } from './pages.ts';

/** A fenced block, or an HTML comment that starts with `ts` or `sh` on its first line: code that readers need not see. */
export interface Fence {
  readonly page: string;
  readonly language: string;
  /** What follows the language in the first line. */
  readonly info: string;
  readonly hidden: boolean;
  /** The line of the page on which the first line of the block's text stands, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

const OPENING = /^(?<indent> *)(?<marks>`{3,}|~{3,})\s*(?<language>[^\s`]*)[ \t]*(?<info>[^`]*)$/;
const HIDDEN = /^<!-- (?<language>ts|sh)(?: (?<info>until: .+))?$/;

/** The fences of a page, in order. @throws Error for one that does not end. */
export function fencesOf({ path: page, text }: Page): readonly Fence[] {
  const lines = text.split(/\r?\n/);
  const fences: Fence[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = OPENING.exec(lines[index] ?? '')?.groups;
    const hidden = HIDDEN.exec(lines[index] ?? '')?.groups;
    if (opening === undefined && hidden === undefined) continue;
    const closes =
      hidden !== undefined ? (line: string) => line.trim() === '-->' : closingOf(opening?.['marks'] ?? '');
    const end = lines.findIndex((line, at) => at > index && closes(line));
    if (end === -1) throw new Error(`${page}:${index + 1}: this block does not end`);
    const indent = opening?.['indent']?.length ?? 0;
    fences.push({
      page,
      language: (opening ?? hidden)?.['language'] ?? '',
      info: (opening ?? hidden)?.['info']?.trim() ?? '',
      hidden: hidden !== undefined,
      line: index + 2,
      lines: lines.slice(index + 1, end).map((line) => line.replace(new RegExp(`^ {0,${indent}}`), '')),
    });
    index = end;
  }
  return fences;
}

/** Whether it is something for a shell: commands, or commands with what they print. */
export function isShell({ language }: Fence): boolean {
  return /^(sh|bash|shell|console)$/.test(language);
}

/** Whether it shows what the block before it prints. */
export function isOutput({ language, info }: Fence): boolean {
  return language === 'text' && info === 'output';
}

function closingOf(marks: string): (line: string) => boolean {
  const closing = new RegExp(`^ *${marks[0]}{${marks.length},}\\s*$`);
  return (line) => closing.test(line);
}
