/** How the shell blocks of a page are read; that they are run is shell.e2e.test.ts. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fencesOf } from '../blocks/fences.ts';
import { readPages } from '../blocks/pages.ts';
import { programsOf } from '../blocks/programs.ts';
import { sessionOf } from '../blocks/sessions.ts';
import { faultOf, shows } from '../blocks/transcripts.ts';

/** Where a command ends is asked of bash, with which the blocks are run. */
const hasBash = spawnSync('bash', ['--version']).status === 0;
if (!hasBash) console.warn('No shell block of a page is read: no bash found.');

const read = (...lines: string[]) => sessionOf(fencesOf({ path: 'page.md', text: lines.join('\n') }));

describe.skipIf(!hasBash).each(readPages())('$path', (page) => {
  it('has shell blocks that can be read', () => {
    expect(() => sessionOf(fencesOf(page))).not.toThrow();
  });
});

describe.skipIf(!hasBash)('a block of commands', () => {
  it('has a command for each line, and for several where one goes on', () => {
    const [block] = read(
      '```sh',
      '# a comment',
      "echo 'a",
      "b'",
      'echo c \\',
      '  d',
      '',
      'echo e   # e',
      '```',
    );
    expect(block?.commands.map(({ line, text, output }) => [line, text, output])).toEqual([
      [3, "echo 'a\nb'", undefined],
      [5, 'echo c \\\n  d', undefined],
      [8, 'echo e', 'e'],
    ]);
  });

  it('is what the output after it belongs to, and not the program before it', () => {
    const lines = ['```ts', 'console.log(1);', '```', '```sh', 'echo 2', '```', '```text output', '2', '```'];
    const fences = fencesOf({ path: 'page.md', text: lines.join('\n') });
    expect(sessionOf(fences)[0]?.output).toEqual({ line: 8, text: '2' });
    expect(programsOf(fences)[0]?.expectations).toEqual([]);
  });

  it('may be set-up that nobody sees', () => {
    expect(read('<!-- sh', 'cd "$ROOT"', '-->')).toMatchObject([
      { hidden: true, commands: [{ line: 2, text: 'cd "$ROOT"' }] },
    ]);
  });

  it('is not run for a reason, and not without one', () => {
    const [block] = read('```sh no-run: it takes a whole day', 'sleep 86400', '```');
    expect(block).toMatchObject({ notRun: 'it takes a whole day', commands: [] });
    expect(() => read('```sh no-run', '```')).toThrow('page.md:1: "no-run" is not understood');
  });

  it('that has a command without an end is found', () => {
    expect(() => read('```sh', "echo 'a", '```')).toThrow('page.md:2: this command does not end');
  });

  it('says which commands stay, and when they are ready', () => {
    const [first, second] = read('```sh until: Listening', 'serve', '```', '```console', '$ serve &', '```');
    expect(first?.commands[0]).toMatchObject({ text: 'serve', until: 'Listening' });
    expect(second?.commands[0]).toMatchObject({ text: 'serve', until: 'Ctrl' });
  });
});

describe.skipIf(!hasBash)('a transcript', () => {
  it('has the output of each command below it', () => {
    const [block] = read('```console', '$ echo a; false', 'a', '$ true', '```');
    expect(block?.commands.map(({ text, output, succeeds }) => [text, output, succeeds])).toEqual([
      ['echo a; false', 'a', false],
      ['true', '', false],
    ]);
  });

  it('that begins with an output is found', () => {
    expect(() => read('```console', 'a', '```')).toThrow('page.md:2: no command prints this');
  });
});

describe('what a shell printed', () => {
  it('may differ from the page in times, keys and random IDs, and where the page has an ellipsis', () => {
    const page = 'exp 1795496740  2026-11-24T05:05:40Z\njti 0cdaf39b-83bb-43c5-924d-570d16e0067f\npid …, ok';
    const run =
      'exp 1895496740  2030-01-01T00:00:00Z\njti 1cdaf39b-83bb-43c5-924d-570d16e0067f\npid 17, ok\n';
    expect(shows(page, run)).toBe(true);
    expect(shows(page, run.replace('ok', 'no'))).toBe(false);
    expect(shows(page, run.replace('exp', 'nbf'))).toBe(false);
  });

  const command = { line: 1, text: 'x', output: 'a', succeeds: true, until: undefined };

  it.each([
    ['another output', { command, printed: 'b\n', exitCode: 0 }, /printed:\nb/],
    ['a failure', { command, printed: 'a\n', exitCode: 3 }, /^exit code 3/],
    [
      'an end of what was to stay',
      { command: { ...command, until: 'a' }, printed: 'a\n', exitCode: 0 },
      /ended/,
    ],
  ])('is found wrong: %s', (_what, ran, fault) => {
    expect(faultOf({ command, printed: 'a\n', exitCode: 0 })).toBeUndefined();
    expect(faultOf(ran)).toMatch(fault);
  });
});
