import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { developmentCertificate } from '../src/certificates/development-certificate.js';
import { createServer } from '../src/index.js';
import { silentLogger } from '../src/logger.js';
import { capturedLog } from './captured-log.js';
import { httpsGet } from './https-client.js';
import { start, temporaryFolder } from './running.js';

const DAY = 86_400_000;
const silent = silentLogger();

/** Makes or gets the certificate as `days` from now. */
async function obtain(directory: string, { hosts, days = 0 }: { hosts?: string[]; days?: number } = {}) {
  const material = await developmentCertificate({ directory, hosts }, silent, () => Date.now() + days * DAY);
  const ca = await readFile(join(directory, 'ca.pem'), 'utf8');
  return { ...material, ca, leaf: new X509Certificate(material.cert), authority: new X509Certificate(ca) };
}

const mode = async (file: string) => (await stat(file)).mode & 0o777;

describe('a development certificate', () => {
  it('answers over real TLS for 127.0.0.1, ::1 and localhost, to whoever trusts its CA', async () => {
    const directory = await temporaryFolder();
    const server = createServer('TLS')
      .listener({ port: 0, tls: { selfSigned: { directory } } })
      .enable();
    const running = await start(server);
    const { certificateAuthority } = running.certificate ?? { certificateAuthority: '' };
    expect(certificateAuthority).toBe(join(directory, 'ca.pem'));
    for (const url of [...running.urls, `https://localhost:${running.port}`]) {
      const answer = await httpsGet(`${url}/healthz`, certificateAuthority);
      expect(answer).toMatchObject({
        status: 200,
        issuer: expect.stringMatching(/^Tokenwright development CA/),
      });
    }
    await expect(fetch(`${running.url}/healthz`)).rejects.toThrow();
  });

  it('is not for sale below TLS 1.2, nor to plain HTTP', async () => {
    const directory = await temporaryFolder();
    const server = createServer('TLS')
      .listener({ port: 0, tls: { selfSigned: { directory } } })
      .enable();
    const { port } = await start(server);
    const refused = new Promise((_, reject) => {
      const options = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }).on('error', reject);
    });
    await expect(refused).rejects.toThrow(/protocol version|unsupported protocol|no protocols/);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });

  it('is made for this machine, its keys for the user alone', async () => {
    const directory = join(await temporaryFolder(), 'deep', 'certificates');
    const { leaf, authority } = await obtain(directory, { hosts: ['dev.example', '10.0.0.7'] });
    expect(leaf.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:dev.example, IP Address:10.0.0.7',
    );
    expect(leaf.verify(authority.publicKey)).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(authority.ca).toBe(true);
    expect(await mode(directory)).toBe(0o700);
    expect(await mode(join(directory, 'ca.key.pem'))).toBe(0o600);
    expect(await mode(join(directory, 'server.key.pem'))).toBe(0o600);
    expect((await readdir(directory)).toSorted()).toEqual([
      'ca.key.pem',
      'ca.pem',
      'server.key.pem',
      'server.pem',
    ]);
  });

  it('lasts 60 days, its CA 825', async () => {
    const { leaf, authority } = await obtain(await temporaryFolder());
    const days = (certificate: X509Certificate) =>
      Math.round((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / DAY);
    expect([days(leaf), days(authority)]).toEqual([60, 825]);
  });

  it('is used again at the next start', async () => {
    const directory = await temporaryFolder();
    const first = await obtain(directory);
    const second = await obtain(directory, { days: 52 });
    expect([second.cert, second.key, second.ca]).toEqual([first.cert, first.key, first.ca]);
  });

  it('is renewed under the same CA in its last week, and when its names change', async () => {
    const directory = await temporaryFolder();
    const first = await obtain(directory);
    const late = await obtain(directory, { days: 54 });
    const named = await obtain(directory, { hosts: ['dev.example'] });
    expect(new Set([first.cert, late.cert, named.cert]).size).toBe(3);
    expect([late.ca, named.ca]).toEqual([first.ca, first.ca]);
  });

  it('gets a new CA when the old one ends within 70 days', async () => {
    const directory = await temporaryFolder();
    const first = await obtain(directory);
    expect((await obtain(directory, { days: 750 })).ca).toBe(first.ca);
    const renewed = await obtain(directory, { days: 760 });
    expect(renewed.ca).not.toBe(first.ca);
    expect(renewed.authority.subject).not.toBe(first.authority.subject);
    expect(renewed.leaf.verify(renewed.authority.publicKey)).toBe(true);
  });

  it.each([
    ['ca.pem', 'nonsense'],
    ['ca.key.pem', ''],
    ['server.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['server.key.pem', 'nonsense'],
  ])('is made anew, with a warning, when %s is damaged', async (file, content) => {
    const directory = await temporaryFolder();
    await obtain(directory);
    await writeFile(join(directory, file), content);
    const log = capturedLog();
    const material = await developmentCertificate({ directory }, log.logger);
    expect(log.lines.find(({ level }) => level === 40)).toMatchObject({
      msg: expect.stringContaining('damaged'),
    });
    const fresh = await obtain(directory);
    expect(fresh.cert).toBe(material.cert);
    expect(fresh.leaf.verify(fresh.authority.publicKey)).toBe(true);
  });

  it('is made anew when the key of the CA belongs to another', async () => {
    const [directory, other] = [await temporaryFolder(), await temporaryFolder()];
    await Promise.all([obtain(directory), obtain(other)]);
    await writeFile(join(directory, 'ca.key.pem'), await readFile(join(other, 'ca.key.pem')));
    const fresh = await obtain(directory);
    expect(fresh.leaf.verify(fresh.authority.publicKey)).toBe(true);
    expect((await obtain(directory)).cert).toBe(fresh.cert);
  });

  it('is one and the same for starts at the same time', async () => {
    const directory = await temporaryFolder();
    const all = await Promise.all(Array.from({ length: 8 }, () => obtain(directory)));
    expect(new Set(all.map(({ cert }) => cert)).size).toBe(1);
    expect(new Set(all.map(({ ca }) => ca)).size).toBe(1);
  });

  it('is one and the same for processes that start at the same time', async () => {
    const directory = await temporaryFolder();
    // A lock that a dead start left: all of them find it, and one of them may remove it.
    await writeFile(join(directory, 'lock'), '');
    await utimes(join(directory, 'lock'), new Date(0), new Date(0));
    const program = `
      import { readFile } from 'node:fs/promises';
      import { createLogger, developmentCertificate } from '@tokenwright/server';
      const made = await developmentCertificate({ directory: process.argv[1] }, createLogger('x', { level: 'silent' }));
      console.log(JSON.stringify([made.cert, await readFile(made.certificateAuthority, 'utf8')]));
    `;
    const start = promisify(execFile);
    const cwd = join(import.meta.dirname, '..');
    const run = () => start(process.execPath, ['--input-type=module', '-e', program, directory], { cwd });
    const answers = await Promise.all(Array.from({ length: 4 }, run));
    expect(answers[0]?.stdout).toContain('BEGIN CERTIFICATE');
    expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
    expect((await readdir(directory)).toSorted()).toEqual([
      'ca.key.pem',
      'ca.pem',
      'server.key.pem',
      'server.pem',
    ]);
  });

  it('does not wait for a start that died while it held the lock', async () => {
    const directory = await temporaryFolder();
    const lock = join(directory, 'lock');
    await writeFile(lock, '');
    await utimes(lock, new Date(0), new Date(0));
    const { leaf } = await obtain(directory);
    expect(leaf.checkHost('localhost')).toBe('localhost');
    expect(await readdir(directory)).not.toContain('lock');
  });

  it.each(['ca.key.pem', 'server.key.pem'])('H31 warns when others may read %s', async (name) => {
    const directory = await temporaryFolder();
    await obtain(directory);
    const log = capturedLog();
    await developmentCertificate({ directory }, log.logger);
    expect(log.lines).toEqual([]);
    await chmod(join(directory, name), 0o644);
    await developmentCertificate({ directory }, log.logger);
    expect(log.lines).toEqual([
      expect.objectContaining({ level: 40, file: join(directory, name), mode: '644' }),
    ]);
  });

  it('tells in the log how to trust a new CA, once, and never a key', async () => {
    const directory = await temporaryFolder();
    const log = capturedLog();
    await developmentCertificate({ directory }, log.logger);
    await developmentCertificate({ directory }, log.logger);
    const hints = log.lines.filter(({ msg }) => String(msg).includes('NODE_EXTRA_CA_CERTS'));
    expect(hints).toHaveLength(1);
    expect(hints[0]?.['msg']).toContain(join(directory, 'ca.pem'));
    expect(hints[0]?.['msg']).toContain(`: tokenwright cert trust --dir "${directory}"`);
    expect(log.text()).not.toContain('PRIVATE KEY');
  });

  it.each(['file', 'file/below'])(
    'that cannot be kept is a CertificateError which says what is no folder: %s',
    async (name) => {
      const folder = await temporaryFolder();
      await writeFile(join(folder, 'file'), '');
      const directory = join(folder, name);
      const server = createServer('x')
        .listener({ port: 0, tls: { selfSigned: { directory } } })
        .enable();
      await expect(server.start({ signals: false })).rejects.toMatchObject({
        name: 'CertificateError',
        code: 'ERR_CERTIFICATE_FOLDER',
        message: expect.stringContaining(`${directory} is no folder`),
      });
    },
  );
});

describe("a certificate of one's own", () => {
  it('is taken as PEM text or from files', async () => {
    const directory = await temporaryFolder();
    const { key, cert } = await obtain(directory);
    const keyFile = join(directory, 'server.key.pem');
    const certFile = join(directory, 'server.pem');
    for (const tls of [
      { key, cert },
      { keyFile, certFile },
    ]) {
      const running = await start(createServer('own').listener({ port: 0, tls }).enable());
      expect(running.certificate).toBeUndefined();
      expect((await httpsGet(`${running.url}/healthz`, join(directory, 'ca.pem'))).status).toBe(200);
    }
  });

  it('that does not belong to its key is refused when it is given', async () => {
    const [one, two] = [await obtain(await temporaryFolder()), await obtain(await temporaryFolder())];
    expect(() => createServer('x').listener({ port: 0, tls: { key: one.key, cert: two.cert } })).toThrow(
      /belongs to it/,
    );
  });

  it('in files that are missing or no pair is a CertificateError at start, without the key in it', async () => {
    const directory = await temporaryFolder();
    const other = await temporaryFolder();
    await Promise.all([obtain(directory), obtain(other)]);
    const keyFile = join(directory, 'server.key.pem');
    const starting = (certFile: string) =>
      createServer('x').listener({ port: 0, tls: { keyFile, certFile } }).enable().start({ signals: false });
    await expect(starting(join(directory, 'none.pem'))).rejects.toMatchObject({
      code: 'ERR_CERTIFICATE_UNREADABLE',
      message: expect.stringContaining('none.pem'),
    });
    await chmod(keyFile, 0o600);
    await expect(starting(join(other, 'server.pem'))).rejects.toMatchObject({
      code: 'ERR_CERTIFICATE_INVALID',
      message: expect.not.stringContaining('PRIVATE'),
    });
  });
});
