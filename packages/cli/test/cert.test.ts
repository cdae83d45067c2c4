import { X509Certificate } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, folder, tokenwright } from './process.ts';

describe('cert', () => {
  it('makes the certificate once, shows it, and says how its CA is trusted', async () => {
    const dir = join(await folder(), 'certificates');
    const none = await tokenwright(['cert', 'show', '--dir', dir]);
    expect(none).toMatchObject({ code: 4, stdout: '' });
    expect(none.stderr).toContain('fix: Make one: tokenwright cert new');
    const made = await tokenwright(['cert', 'new', '--dir', dir, '--host', 'dev.example', '--json']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const facts = JSON.parse(made.stdout);
    expect(facts.names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', 'dev.example']));
    const certificate = new X509Certificate(await readFile(facts.certificate));
    const ca = new X509Certificate(await readFile(facts.certificateAuthority));
    expect(certificate.verify(ca.publicKey)).toBe(true);
    expect(facts.fingerprint).toBe(certificate.fingerprint256);
    expect((await stat(facts.key)).mode & 0o777).toBe(0o600);
    const shown = await tokenwright(['cert', 'show', '--dir', dir]);
    expect(shown.stdout).toContain(`fingerprint  ${facts.fingerprint}\n`);
    const again = await tokenwright(['cert', 'new', '--dir', dir, '--host', 'dev.example', '--json']);
    expect(JSON.parse(again.stdout).fingerprint).toBe(facts.fingerprint);
    const trust = await tokenwright(['cert', 'trust', '--dir', dir]);
    expect(trust.stdout).toContain(`export NODE_EXTRA_CA_CERTS="${join(dir, 'ca.pem')}"`);
  });

  it('prints absolute paths for a folder that is named by a relative one: they are pasted elsewhere', async () => {
    const home = await realpath(await folder());
    const made = await tokenwright(['cert', 'new', '--dir', 'certs', '--json'], { cwd: home });
    expect(made.code).toBe(0);
    const ca = join(home, 'certs', 'ca.pem');
    expect(JSON.parse(made.stdout).certificateAuthority).toBe(ca);
    const trust = await tokenwright(['cert', 'trust', '--dir', 'certs'], { cwd: home });
    expect(trust.stdout).toContain(`curl --cacert "${ca}" `);
    const json = await tokenwright(['cert', 'trust', '--dir', 'certs', '--json'], { cwd: home });
    expect(JSON.parse(json.stdout).certificateAuthority).toBe(ca);
  });

  it('answers 4, in one line, where the folder cannot be had', async () => {
    const { stderr, ...ended } = await tokenwright(['cert', 'new', '--dir', join(await file('x'), 'below')]);
    expect(ended).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^tokenwright: [^\n]+\nfix: [^\n]+\n$/);
  });
});
