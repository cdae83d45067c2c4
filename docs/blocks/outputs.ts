/** Compares what a program printed with what its page says it prints. */
import type { Outcome } from './execute.ts';
import type { Expectation, Program } from './programs.ts';

/** What was printed where the page says that something is: by one line, or by all of a block that say nothing themselves. */
export function printedFor({ line, from, to }: Expectation, program: Program, { printed }: Outcome): string {
  const elsewhere = new Set(
    program.expectations.filter((other) => other.line !== line).map((other) => other.line),
  );
  return printed
    .filter((one) => one.line >= from && one.line <= to && !elsewhere.has(one.line))
    .map(({ text }) => text)
    .join('\n');
}

/** Whether that is what the page says. */
export function agrees({ text }: Expectation, printed: string): boolean {
  return wildcards(text.trimEnd()).test(printed.trimEnd());
}

/** A text of a page as a pattern: `…` stands for what is different every time, within a line. */
export function wildcards(text: string): RegExp {
  const parts = text.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*?')}$`);
}
