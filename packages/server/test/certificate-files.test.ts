import { X509Certificate } from 'node:crypto';
import { chmod, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tlsMaterial } from '../src/certificates/tls-choice.js';
import { createServer, type TlsChoice } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { authority, issue, type Pair } from './certificates-of-test.js';
import { start, temporaryFolder } from './running.js';
import { tlsConnection } from './tls-client.js';
import vectors from './vectors/localhost.json' with { type: 'json' };

const DAY = 86_400_000;
const serialOf = (pair: Pair) => new X509Certificate(pair.cert).serialNumber;

/** Writes a pair where a server reads it; each file whole or not at all. */
async function write(folder: string, pair: Partial<Pair>): Promise<void> {
  for (const [name, text] of Object.entries(pair)) {
    await writeFile(join(folder, `${name}.new`), text, { mode: 0o600 });
    await rename(join(folder, `${name}.new`), join(folder, `${name}.pem`));
  }
}

async function servedFromFiles() {
  const folder = await temporaryFolder();
  const ca = await authority('Own');
  const [first, second] = await Promise.all([issue(ca), issue(ca)]);
  await write(folder, first);
  const log = capturedLog();
  const tls = {
    keyFile: join(folder, 'key.pem'),
    certFile: join(folder, 'cert.pem'),
    checkEvery: '20ms',
  } as const;
  const server = createServer('Reload').logger(log.logger).listener({ port: 0, tls }).enable();
  server.get('/', { auth: false }, (ctx) => {
    ctx.body = 'served';
  });
  const { port } = await start(server);
  const serial = async () => {
    const connection = await tlsConnection(port);
    connection.socket.destroy();
    return connection.serial;
  };
  return { folder, first, second, log, port, serial };
}

describe('a certificate from files', () => {
  it('is replaced when the files change, and an open connection is not dropped', async () => {
    const { folder, first, second, port, serial, log } = await servedFromFiles();
    const open = await tlsConnection(port);
    onTestFinished(() => void open.socket.destroy());
    expect(await open.ask('/')).toContain('served');
    await write(folder, second);
    await expect.poll(serial).toBe(serialOf(second));
    expect(await open.ask('/')).toContain('served');
    expect(open.serial).toBe(serialOf(first));
    expect(await log.line('The certificate has changed')).toMatchObject({ level: 30 });
  });

  it('is replaced once the second of the two files has come', async () => {
    const { folder, first, second, serial, log } = await servedFromFiles();
    await write(folder, { key: second.key });
    await log.line('cannot be used');
    expect(await serial()).toBe(serialOf(first));
    await write(folder, { cert: second.cert });
    await expect.poll(serial).toBe(serialOf(second));
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['empty', ''],
  ])('stays as it was when the new file is %s, with one error that quotes no key', async (_, text) => {
    const { folder, first, second, serial, log } = await servedFromFiles();
    await write(folder, { cert: text });
    expect(await log.line('cannot be used')).toMatchObject({
      level: 50,
      err: { code: 'ERR_CERTIFICATE_INVALID' },
    });
    expect(await serial()).toBe(serialOf(first));
    await write(folder, second);
    await expect.poll(serial).toBe(serialOf(second));
    expect(log.text()).not.toContain('PRIVATE KEY');
    expect(log.lines.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  it('is replaced when a link leads to another one', async () => {
    const [folder, ca] = [await temporaryFolder(), await authority('Linked')];
    const [first, second] = await Promise.all([issue(ca), issue(ca)]);
    for (const [name, pair] of [
      ['one', first],
      ['two', second],
    ] as const) {
      await writeFile(join(folder, name), pair.key + pair.cert, { mode: 0o600 });
    }
    const file = join(folder, 'current');
    await symlink('one', file);
    const { renewal } = await tlsMaterial(
      { keyFile: file, certFile: file, checkEvery: '1h' },
      capturedLog().logger,
    );
    expect(await renewal?.next()).toBeUndefined();
    await symlink('two', `${file}.new`);
    await rename(`${file}.new`, file);
    expect(await renewal?.next()).toBeUndefined();
    expect(String((await renewal?.next())?.cert)).toContain(second.cert);
    expect(await renewal?.next()).toBeUndefined();
  });
});

describe('H31 a key file', () => {
  async function warnings(mode: number) {
    const folder = await temporaryFolder();
    const ca = await authority('Modes');
    await write(folder, await issue(ca));
    const keyFile = join(folder, 'key.pem');
    await chmod(keyFile, mode);
    const log = capturedLog();
    await tlsMaterial({ keyFile, certFile: join(folder, 'cert.pem') }, log.logger);
    return log.lines.filter(({ level }) => level === 40);
  }

  it.each([0o644, 0o604, 0o666])('that others can read is warned about: %o', async (mode) => {
    const [warning, ...more] = await warnings(mode);
    expect(more).toEqual([]);
    expect(warning).toMatchObject({ mode: mode.toString(8), msg: expect.stringContaining('chmod 600') });
  });

  it.each([0o600, 0o400, 0o640])('that others cannot read is not: %o', async (mode) => {
    expect(await warnings(mode)).toEqual([]);
  });
});

describe('H31 the end of a certificate', () => {
  const from = async (days: number, choice: 'files' | 'text') => {
    const folder = await temporaryFolder();
    const pair = await issue(await authority('Ends'));
    await write(folder, pair);
    const log = capturedLog();
    const tls: TlsChoice =
      choice === 'text' ? pair : { keyFile: join(folder, 'key.pem'), certFile: join(folder, 'cert.pem') };
    const material = tlsMaterial(tls, log.logger, () => Date.now() + days * DAY);
    return { material, log };
  };

  it.each(['files', 'text'] as const)(
    'is a CertificateError at start once it has come: %s',
    async (choice) => {
      const { material } = await from(61, choice);
      await expect(material).rejects.toMatchObject({
        code: 'ERR_CERTIFICATE_INVALID',
        message: expect.stringMatching(/ended on .*: get a new one/),
      });
    },
  );

  it.each([
    [50, 'ends in 9 days'],
    [-400, 'is not valid before'],
  ])('is warned about before: in %i days', async (days, text) => {
    const { material, log } = await from(days, 'files');
    await material;
    expect(await log.line(text)).toMatchObject({ level: 40 });
  });

  it('is nothing to speak of two weeks before', async () => {
    const { material, log } = await from(40, 'files');
    await material;
    expect(log.lines).toEqual([]);
  });
});

describe('a certificate under a passphrase', () => {
  const { passphrase, cert, encryptedKey } = vectors;
  const pfx = Buffer.from(vectors.pfx, 'base64');
  const expected = new X509Certificate(cert).serialNumber;

  it('is taken as PEM and as PKCS #12, from memory and from files', async () => {
    const folder = await temporaryFolder();
    await write(folder, { key: encryptedKey, cert });
    const pfxFile = join(folder, 'own.pfx');
    await writeFile(pfxFile, pfx, { mode: 0o600 });
    const forms: TlsChoice[] = [
      { key: encryptedKey, cert, passphrase },
      { keyFile: join(folder, 'key.pem'), certFile: join(folder, 'cert.pem'), passphrase },
      { pfx, passphrase },
      { pfxFile, passphrase },
    ];
    for (const tls of forms) {
      const { port } = await start(createServer('Pfx').listener({ port: 0, tls }).enable());
      const { serial, socket } = await tlsConnection(port);
      socket.destroy();
      expect(serial).toBe(expected);
    }
  });

  it('is replaced when its PKCS #12 file changes, and an open connection is not dropped', async () => {
    const pfxFile = join(await temporaryFolder(), 'own.pfx');
    await writeFile(pfxFile, pfx, { mode: 0o600 });
    const log = capturedLog();
    const tls = { pfxFile, passphrase, checkEvery: '20ms' } as const;
    const { port } = await start(createServer('Pfx').logger(log.logger).listener({ port: 0, tls }).enable());
    const open = await tlsConnection(port);
    onTestFinished(() => void open.socket.destroy());
    expect(open.serial).toBe(expected);
    await writeFile(`${pfxFile}.new`, Buffer.from(vectors.otherPfx, 'base64'), { mode: 0o600 });
    await rename(`${pfxFile}.new`, pfxFile);
    const serial = async () => {
      const connection = await tlsConnection(port);
      connection.socket.destroy();
      return connection.serial;
    };
    await expect.poll(serial).toBe(new X509Certificate(vectors.otherCert).serialNumber);
    expect(await open.ask('/healthz')).toContain('"up"');
    // What is no PKCS #12, or under another passphrase, leaves the good one in place.
    await writeFile(pfxFile, 'damaged');
    expect(await log.line('cannot be used: the old one stays')).toMatchObject({ level: 50 });
    expect(await serial()).toBe(new X509Certificate(vectors.otherCert).serialNumber);
  });

  it('is refused with the wrong passphrase, which the message does not repeat', () => {
    for (const tls of [
      { key: encryptedKey, cert, passphrase: 'hunter2' },
      { pfx, passphrase: 'hunter2' },
    ]) {
      const listener = () => createServer('Pfx').listener({ port: 0, tls });
      expect(listener).toThrow(TypeError);
      expect(listener).not.toThrow('hunter2');
    }
  });
});
