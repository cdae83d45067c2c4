/**
 * Makes programs of the `ts` blocks of a page. A block stands alone unless its first line says otherwise:
 *
 * - `ts continued` goes on from the block before it; the two are one program.
 * - `ts no-run: reason` is type-checked and not run.
 * - A hidden `<!-- ts … -->` before a block belongs to it.
 * - `text output` is what the block before it prints; so is a comment behind `console.log(…);`. `…` stands for anything.
 *
 * A line of a program has the number it has on its page, so that every error names the place to mend.
 */
import { type Fence, fencesOf, isOutput, isShell } from './fences.ts';
import type { Page } from './pages.ts';

/** A program: one block, or several that continue one another. */
export interface Program {
  /** `docs/guide/jwt.md:12`, the line of its first visible block. */
  readonly name: string;
  /** Where it is written, below the folder of programs. */
  readonly file: string;
  readonly source: string;
  /** Why it is not run; undefined for one that is. */
  readonly notRun: string | undefined;
  readonly expectations: readonly Expectation[];
}

/** Something that a page says is printed. */
export interface Expectation {
  /** The line of the page that says so. */
  readonly line: number;
  /** The lines of the program that print it. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const NO_RUN = /^no-run: (?<reason>\S.{9,})$/;
const PRINTING = /^\s*console\.log\(.*\);\s*\/\/ (?<text>.+)$/;

/** The programs of one page. @throws Error for an info string that says nothing known. */
export function programsOf(fences: readonly Fence[]): readonly Program[] {
  const chains: Fence[][] = [];
  let hidden: Fence[] = [];
  let afterShell = false;
  for (const fence of fences) {
    // What a shell prints is compared by its session: sessions.ts.
    if (isShell(fence)) afterShell = true;
    else if (fence.language === 'ts') afterShell = false;
    if (fence.hidden && fence.language === 'ts') hidden.push(fence);
    else if (isOutput(fence) && !afterShell) chains.at(-1)?.push(fence);
    else if (fence.language === 'ts') {
      const chain = fence.info === 'continued' ? chains.at(-1) : undefined;
      if (chain === undefined) chains.push([...hidden, fence]);
      else chain.push(...hidden, fence);
      hidden = [];
    }
  }
  const [unused] = hidden;
  if (unused !== undefined)
    throw new Error(`${unused.page}:${unused.line}: no block follows this hidden code`);
  return chains.map(programOf);
}

/** The nearest program above a line of a page, as a reader has it in a file by then. */
export function programAbove(page: Page, line: number): string | undefined {
  return programsOf(fencesOf(page))
    .filter(({ name }) => Number(name.split(':').at(-1)) < line)
    .at(-1)?.source;
}

function programOf(chain: readonly Fence[]): Program {
  const code = chain.filter(({ language }) => language === 'ts');
  const first = code.find(({ hidden }) => !hidden) as Fence;
  const reasons = code.filter(({ hidden }) => !hidden).map(reasonOf);
  return {
    name: `${first.page}:${first.line}`,
    file: `${first.page.replace(/\.md$/, '')}.${first.line}.ts`,
    source: sourceOf(code),
    notRun: reasons.find((reason) => reason !== undefined),
    expectations: chain.flatMap((fence, index) =>
      fence.language === 'text' ? [outputOf(fence, chain[index - 1])] : commentsOf(fence),
    ),
  };
}

function reasonOf({ info, page, line }: Fence): string | undefined {
  if (info === '' || info === 'continued') return undefined;
  const reason = NO_RUN.exec(info)?.groups?.['reason'];
  if (reason !== undefined) return reason;
  throw new Error(
    `${page}:${line - 1}: "${info}" is not understood. Write nothing, "continued", or "no-run: " and why.`,
  );
}

/** Every line where it stands on the page; what lies between is empty. */
function sourceOf(code: readonly Fence[]): string {
  const lines: string[] = [];
  for (const fence of code) {
    while (lines.length < fence.line - 1) lines.push('');
    lines.push(...fence.lines);
  }
  return `${lines.join('\n')}\nexport {};\n`;
}

function commentsOf(fence: Fence): Expectation[] {
  return fence.lines.flatMap((text, index) => {
    const line = fence.line + index;
    const expected = PRINTING.exec(text)?.groups?.['text'];
    return expected === undefined ? [] : [{ line, from: line, to: line, text: expected }];
  });
}

function outputOf(output: Fence, code: Fence | undefined): Expectation {
  if (code?.language !== 'ts') throw new Error(`${output.page}:${output.line}: no block prints this output`);
  return {
    line: output.line,
    from: code.line,
    to: code.line + code.lines.length - 1,
    text: output.lines.join('\n'),
  };
}
