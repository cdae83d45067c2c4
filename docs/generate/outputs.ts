/** The `text output` blocks of a page, as its programs print them. */
import { execute } from '../blocks/execute.ts';
import { fencesOf } from '../blocks/fences.ts';
import { agrees, printedFor } from '../blocks/outputs.ts';
import type { Page } from '../blocks/pages.ts';
import { type Program, programsOf } from '../blocks/programs.ts';

/** The texts of pages with their real outputs, by path. What agrees already, `…` included, stays as it is. */
export async function withOutputs(pages: readonly Page[]): Promise<ReadonlyMap<string, string>> {
  const programs = new Map(pages.map((page) => [page.path, programsOf(fencesOf(page))]));
  const outcomes = await execute([...programs.values()].flat());
  return new Map(
    pages.map(({ path, text }) => {
      const lines = text.split('\n');
      for (const [program, expectation] of outputsFromTheEnd(programs.get(path) ?? [])) {
        const outcome = outcomes.get(program.name);
        if (outcome === undefined || outcome.error !== undefined) continue;
        const printed = printedFor(expectation, program, outcome);
        if (agrees(expectation, printed)) continue;
        const length =
          lines.findIndex((line, at) => at >= expectation.line - 1 && /^`{3,}$/.test(line)) -
          (expectation.line - 1);
        lines.splice(expectation.line - 1, length, ...printed.split('\n'));
      }
      return [path, lines.join('\n')];
    }),
  );
}

/** Last first, so that the lines of the others stay where they are. Comments are for people to change. */
function outputsFromTheEnd(programs: readonly Program[]) {
  return programs
    .flatMap((program) => program.expectations.map((expectation) => [program, expectation] as const))
    .filter(([, { line, from, to }]) => line < from || line > to)
    .sort(([, a], [, b]) => b.line - a.line);
}
