/** The `console` blocks of a page and the outputs of its `sh` blocks, as its session prints them. */
import { fencesOf } from '../blocks/fences.ts';
import type { Page } from '../blocks/pages.ts';
import { programAbove } from '../blocks/programs.ts';
import { sessionOf } from '../blocks/sessions.ts';
import { run } from '../blocks/shell.ts';
import { shows } from '../blocks/transcripts.ts';

interface Change {
  /** From this line of the page, from 1, so many lines are replaced. */
  readonly line: number;
  readonly count: number;
  readonly text: string;
}

/** The text of a page with its real transcripts. What agrees already, `…` included, stays as it is. */
export async function withTranscripts(page: Page): Promise<string> {
  const blocks = sessionOf(fencesOf(page));
  const ran = await run(blocks, { above: (line) => programAbove(page, line) });
  const changes: Change[] = [];
  for (const { commands, output } of blocks) {
    for (const { line, text, output: shown, succeeds } of commands)
      if (shown !== undefined && !succeeds)
        changes.push(...changed(line + linesOf(text).length, shown, ran.get(line)?.printed ?? ''));
    if (output !== undefined)
      changes.push(
        ...changed(output.line, output.text, commands.map(({ line }) => ran.get(line)?.printed).join('')),
      );
  }
  const lines = page.text.split('\n');
  for (const { line, count, text } of changes.toReversed()) lines.splice(line - 1, count, ...linesOf(text));
  return lines.join('\n');
}

function changed(line: number, shown: string, printed: string): Change[] {
  if (shows(shown, printed)) return [];
  return [{ line, count: linesOf(shown).length, text: printed.trimEnd() }];
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
