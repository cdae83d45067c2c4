import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './running.js';

const folder = join(import.meta.dirname, '..');

it('the example of the README answers to the curl line it prints', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  expect(example).toContain('port: 5000');
  const home = await temporaryFolder();
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', example.replace('port: 5000', 'port: 0')],
    {
      cwd: folder,
      env: { ...process.env, HOME: home, XDG_DATA_HOME: home, LOCALAPPDATA: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill());
  for await (const line of createInterface(child.stdout)) {
    const [, file, credentials, url] = /^curl --cacert "(.*)" -u (\S+) (\S+)$/.exec(line) ?? [];
    if (file === undefined || credentials === undefined || url === undefined) continue;
    expect(file.startsWith(home)).toBe(true);
    expect(await curl(file, credentials, url)).toBe('Hello admin');
    return;
  }
  expect.unreachable('the example printed no curl line');
});

async function curl(file: string, credentials: string, url: string): Promise<string> {
  const { request } = await import('node:https');
  const ca = await readFile(file);
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca, auth: credentials, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve(body);
    });
    sent.on('error', reject).end();
  });
}
