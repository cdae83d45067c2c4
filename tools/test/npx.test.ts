import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Workspace } from './workspace.ts';

/** As npx has it: a process that calls itself `npm exec …`, a shell, and below it what was asked for. */
const NPX = `
  import { spawn } from 'node:child_process';
  process.title = 'npm exec pnpm start';
  spawn('sh', ['-c', '"$0" program.mjs; true', process.execPath], { stdio: ['ignore', 'inherit', 'inherit'] });
`;
const PROGRAM = `
  import { endWithNpx } from './tools/npx.ts';
  process.on('SIGTERM', () => {
    console.log('ended by SIGTERM');
    process.exit();
  });
  endWithNpx();
  setInterval(() => {}, 1000);
  console.log('running');
`;

it('what npx has started ends when npx is killed, by a SIGTERM as if it had been sent to it', async () => {
  const { folder } = new Workspace();
  // A title has no more room than the command line had.
  const npx = join(folder, 'a-name-that-is-long-enough-for-a-title.mjs');
  writeFileSync(npx, NPX);
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  const started = spawn(process.execPath, [npx], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  started.stdout.setEncoding('utf8');
  let said = '';
  started.stdout.on('data', (text: string) => {
    said += text;
    if (said === 'running\n') started.kill('SIGKILL');
  });
  // The pipe is open for as long as the program holds its end of it.
  await once(started.stdout, 'end');
  expect(said).toBe('running\nended by SIGTERM\n');
});
