/** Key and certificate from files: read at start, looked at again, and read anew when they have changed. */
import { readFile, stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import { CertificateError } from './certificate-error.js';
import { warnIfOthersMay } from './key-permissions.js';
import { materialProblem, warnBeforeItsEnd } from './own-certificate.js';
import type { Renewal, TlsContext, TlsMaterial } from './tls-material.js';

/** The files: a PEM key with its PEM certificate, or both in one PKCS #12 file. */
export type CertificateFiles = (
  | { readonly keyFile: string; readonly certFile: string }
  | { readonly pfxFile: string }
) & { readonly passphrase?: string | undefined };

/**
 * Reads the files and checks what they hold.
 *
 * @param every - how often they are looked at, in milliseconds
 * @throws CertificateError when a file cannot be read, holds nothing usable, or the certificate has ended
 */
export async function certificateFromFiles(
  files: CertificateFiles,
  every: number,
  log: Logger,
  clock: () => number,
): Promise<TlsMaterial> {
  const names = 'pfxFile' in files ? [files.pfxFile] : [files.keyFile, files.certFile];
  const load = () => read(files, names.join(', '), log, clock());
  const before = await signature(names);
  return { context: await load(), renewal: whenChanged(names, before, every, load) };
}

/**
 * Polls, because notifications of the file system get lost on network and container mounts. A change counts once two
 * looks have seen the same: a key and its certificate are two files, and neither is written at once.
 */
function whenChanged(
  names: readonly string[],
  start: string,
  every: number,
  load: () => Promise<TlsContext>,
): Renewal {
  let taken = start;
  let seen = start;
  const next = async () => {
    const now = await signature(names);
    const settled = now === seen;
    seen = now;
    if (!settled || now === taken) return undefined;
    taken = now;
    return load();
  };
  return { every, next };
}

/** Changes whenever a file does, also when a link leads to another one. */
async function signature(names: readonly string[]): Promise<string> {
  const parts = names.map(async (name) => {
    const found = await stat(name, { bigint: true }).catch(() => undefined);
    return found === undefined ? 'missing' : `${found.ino}:${found.size}:${found.mtimeNs}`;
  });
  return (await Promise.all(parts)).join();
}

async function read(files: CertificateFiles, name: string, log: Logger, now: number): Promise<TlsContext> {
  const material =
    'pfxFile' in files
      ? { pfx: await readOne(files.pfxFile) }
      : { key: await readOne(files.keyFile), cert: await readOne(files.certFile) };
  const context = files.passphrase === undefined ? material : { ...material, passphrase: files.passphrase };
  const problem = materialProblem(context);
  if (problem !== undefined) throw new CertificateError('ERR_CERTIFICATE_INVALID', `${name}: ${problem}`);
  warnBeforeItsEnd(context, 'certFile' in files ? files.certFile : name, log, now);
  await warnIfOthersMay('pfxFile' in files ? files.pfxFile : files.keyFile, log);
  return context;
}

async function readOne(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CertificateError(
      'ERR_CERTIFICATE_UNREADABLE',
      `Cannot read ${file}: check the path and its permissions.`,
      { cause },
    );
  }
}
