/** The shell blocks of every page run, one terminal a page, and print what the page shows. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf } from '../blocks/fences.ts';
import { readPages, root } from '../blocks/pages.ts';
import { programAbove } from '../blocks/programs.ts';
import { sessionOf } from '../blocks/sessions.ts';
import { type Ran, run } from '../blocks/shell.ts';
import { faultOf, shows } from '../blocks/transcripts.ts';

const SLOW = 600_000;
const packed = mkdtempSync(join(tmpdir(), 'packed-'));

const pages = readPages()
  .map((page) => ({ ...page, blocks: sessionOf(fencesOf(page)) }))
  .filter(({ blocks }) => blocks.some(({ hidden }) => !hidden));

beforeAll(() => {
  if (!pages.some(({ text }) => text.includes('$PACKED'))) return;
  const pack = ['--filter', '@tokenwright/*', 'pack', '--pack-destination', packed];
  const { status, stdout, stderr } = spawnSync('pnpm', pack, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the packages could not be packed: ${stdout}${stderr}`);
}, SLOW);
afterAll(() => rmSync(packed, { recursive: true, force: true }));

describe.each(pages)('$path', (page) => {
  let ran: ReadonlyMap<number, Ran>;
  beforeAll(async () => {
    ran = await run(page.blocks, { packed, above: (line) => programAbove(page, line) });
  }, SLOW);

  it.each(page.blocks)('the block at line $line', ({ notRun, commands, output }) => {
    if (notRun !== undefined) return expect(commands).toEqual([]);
    const all = commands.map(({ line }) => ran.get(line)!);
    expect(all.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
    const printed = all.map((one) => one.printed).join('');
    // Compared once more for a difference that can be read.
    if (output !== undefined && !shows(output.text, printed)) expect(printed).toBe(output.text);
  });
});

describe('a session', () => {
  const session = async (...lines: string[]) => {
    const ran = await run(sessionOf(fencesOf({ path: 'page.md', text: lines.join('\n') })));
    return [...ran.values()].map(({ printed, exitCode }) => [printed, exitCode]);
  };

  it('is one terminal: what a block sets, the next one has', async () => {
    expect(await session('```sh', 'NAME=ada', 'cd /', '```', '```sh', 'echo "$NAME $PWD"', '```')).toEqual([
      ['', 0],
      ['', 0],
      ['ada /\n', 0],
    ]);
  });

  it('tells how a command failed, and goes on', async () => {
    const [failed, after] = await session('```sh', '(echo no; exit 3)', 'echo yes', '```');
    expect([failed, after]).toEqual([
      ['no\n', 3],
      ['yes\n', 0],
    ]);
  });

  it('goes on once what stays is ready, and ends what stays', async () => {
    const serve = `node -e 'const server = require("http").createServer((_, answer) => answer.end(String(server.address().port))); server.listen(5000, () => console.log("Ctrl-C"))'`;
    const [, asked] = await session('```sh', `${serve} &`, 'curl -sS http://127.0.0.1:5000/', '```');
    expect(asked).toEqual([expect.stringMatching(/^\d+$/), 0]);
    expect(asked?.[0]).not.toBe('5000');
    await expect(fetch(`http://127.0.0.1:${asked?.[0]}/`)).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('tells when what should stay has ended', async () => {
    expect(await session('```sh until: Ctrl', 'echo no', '```')).toEqual([['no\n', 0]]);
  });
});
