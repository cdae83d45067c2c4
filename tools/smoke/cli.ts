/** A shell's session with the installed `@tokenwright/cli`: keys, a token made, read, checked and explained, a refusal. */
import { match, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const manifest = createRequire(import.meta.url).resolve('@tokenwright/cli/package.json');
const bin = join(dirname(manifest), 'dist/bin.js');

function tokenwright(expected: number, input: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', input });
  strictEqual(status, expected, `tokenwright ${args[0]} ended with ${status}: ${stderr}`);
  return stdout;
}

const privateKey = tokenwright(0, '', 'key', 'new', '--alg', 'ES256');
const publicKey = tokenwright(0, privateKey, 'key', 'public', '-');
match(tokenwright(0, publicKey, 'key', 'thumbprint', '-'), /^[\w-]{43}\s$/);
const { keys } = JSON.parse(tokenwright(0, privateKey, 'jwks', '-')) as { keys: readonly object[] };
strictEqual(keys.length, 1);
strictEqual('d' in (keys[0] ?? {}), false);

const names = ['--issuer', 'KestrunApi', '--audience', 'KestrunClients'];
const token = tokenwright(0, privateKey, 'issue', '--key', '-', ...names, '--subject', 'admin').trim();
const inspection = JSON.parse(tokenwright(0, token, 'inspect', '--json')) as {
  subject: string;
  verified: boolean;
};
strictEqual(inspection.subject, 'admin');
strictEqual(inspection.verified, false);

// A public key is no secret, and can stand in the environment of the command.
process.env['PUBLIC_KEY'] = publicKey;
const check = ['--key', 'env:PUBLIC_KEY', '--audience', 'KestrunClients', '--issuer'];
match(tokenwright(0, token, 'verify', ...check, 'KestrunApi'), /accepted/);
tokenwright(1, token, 'verify', ...check, 'another');
match(tokenwright(1, token, 'explain', ...check, 'another'), /issuer/);
tokenwright(3, '', 'inspect', 'no token');
tokenwright(2, '', 'verify');
for (const shell of ['bash', 'zsh', 'fish']) match(tokenwright(0, '', 'completion', shell), /tokenwright/);
console.log('cli: made keys and a token, read it, checked it, explained and refused');
