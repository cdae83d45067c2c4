/** The code on every page is type-checked and run, and prints what the page says. */
import { describe, expect, it } from 'vitest';
import { execute, type Outcome } from '../blocks/execute.ts';
import { fencesOf } from '../blocks/fences.ts';
import { agrees, printedFor } from '../blocks/outputs.ts';
import { readPages } from '../blocks/pages.ts';
import { programsOf } from '../blocks/programs.ts';

const pages = readPages().map((page) => ({ ...page, fences: fencesOf(page) }));
const programs = pages.flatMap(({ fences }) => programsOf(fences));
const wrong = programsOf(fencesOf({ path: 'wrong.md', text: wrongPage() }));
const outcomes = await execute([...programs, ...wrong]);

describe.each(programs)('$name', (program) => {
  const { name, notRun, expectations } = program;
  const outcome = outcomes.get(name) as Outcome;

  it('has no type error', () => {
    expect(outcome.typeErrors).toEqual([]);
  });

  it.skipIf(notRun !== undefined)(notRun === undefined ? 'runs to its end' : `is not run: ${notRun}`, () => {
    expect(outcome.error).toBeUndefined();
  });

  it.each(expectations)('prints what stands in line $line', (expectation) => {
    const printed = printedFor(expectation, program, outcome);
    // Compared once more for a difference that can be read.
    if (!agrees(expectation, printed)) expect(printed).toBe(expectation.text);
  });
});

describe.each(pages)('$path', ({ fences }) => {
  it('has no program in JavaScript, which nothing would check', () => {
    const others = fences.filter(({ language }) => /^(js|javascript|mjs|typescript|tsx)$/.test(language));
    expect(others.map(({ line, language }) => `line ${line - 1}: ${language}`)).toEqual([]);
  });
});

describe.each(pages)('$path', ({ fences }) => {
  it('has JSON that can be read', () => {
    for (const { language, lines } of fences)
      if (language === 'json') expect(() => JSON.parse(lines.join('\n')) as unknown).not.toThrow();
  });
});

describe('a page that is wrong', () => {
  const [mistyped, thrown, misprinted, late, unread] = wrong;

  it('is found by a type error, at the line of the page', () => {
    expect(outcomes.get(mistyped?.name ?? '')?.typeErrors).toEqual([
      expect.stringContaining('wrong.2.ts(2,7)'),
    ]);
  });

  it.each([thrown, late])('is found by what a program throws, also when nothing waits for it', (program) => {
    expect(outcomes.get(program?.name ?? '')?.error).toContain('Error: on purpose');
  });

  it('is found by an output that is another one', () => {
    const [comment, block] = misprinted?.expectations ?? [];
    for (const expectation of [comment, block]) {
      const printed = printedFor(expectation!, misprinted!, outcomes.get(misprinted!.name)!);
      expect(printed).toMatch(/^[12]$/);
      expect(agrees(expectation!, printed)).toBe(false);
    }
  });

  it('does not keep the program after it from being run', () => {
    const outcome = outcomes.get(unread?.name ?? '')!;
    expect(outcome.error).toBeUndefined();
    expect(printedFor(unread!.expectations[0]!, unread!, outcome)).toBe('one and another');
    expect(agrees(unread!.expectations[0]!, 'one and another')).toBe(true);
  });

  it('is found by an info string that says nothing known', () => {
    const text = ['```ts no-run', '```'].join('\n');
    expect(() => programsOf(fencesOf({ path: 'wrong.md', text }))).toThrow(
      'wrong.md:1: "no-run" is not understood',
    );
  });
});

function wrongPage(): string {
  return `\`\`\`ts
const mistyped: number = 'text';
\`\`\`
\`\`\`ts
throw new Error('on purpose');
\`\`\`
\`\`\`ts
console.log(1); // 2
console.log(2);
\`\`\`
\`\`\`text output
1
\`\`\`
\`\`\`ts
setTimeout(() => {
  throw new Error('on purpose');
}, 1);
await new Promise((resolve) => setTimeout(resolve, 1_000));
\`\`\`
\`\`\`ts
console.log('one and another'); // one … another
\`\`\`
`;
}
