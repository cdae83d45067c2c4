/** Where the development certificates lie: four PEM files in a folder of the user's own. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { CertificateError } from './certificate-error.js';

/** A private key and its certificate, as PEM text. */
export interface CertificatePair {
  readonly key: string;
  readonly cert: string;
}

/** Which pair: the certificate authority, or the server's own certificate. */
export type PairName = 'ca' | 'server';

/** The folder used unless another is named. */
export function defaultFolder(): string {
  return join(envPaths('tokenwright', { suffix: '' }).data, 'certificates');
}

/** The file of a pair's certificate. */
export function certificateFile(folder: string, name: PairName): string {
  return join(folder, `${name}.pem`);
}

/** The file of a pair's private key. */
export function keyFile(folder: string, name: PairName): string {
  return join(folder, `${name}.key.pem`);
}

/**
 * Makes the folder, for the user alone (0700).
 *
 * @throws CertificateError when it cannot be made
 */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CertificateError(
      'ERR_CERTIFICATE_FOLDER',
      `Cannot make the folder ${folder} for development certificates: name another one with tls: { selfSigned: { directory } }.`,
      { cause },
    );
  }
}

/** Reads a pair; nothing when one of its two files is missing. */
export async function readPair(folder: string, name: PairName): Promise<CertificatePair | undefined> {
  const [key, cert] = await Promise.all([
    readIfThere(keyFile(folder, name)),
    readIfThere(certificateFile(folder, name)),
  ]);
  return key === undefined || cert === undefined ? undefined : { key, cert };
}

/** Writes a pair, the key first, each file whole or not at all. */
export async function writePair(folder: string, name: PairName, pair: CertificatePair): Promise<void> {
  await replace(keyFile(folder, name), pair.key, 0o600);
  await replace(certificateFile(folder, name), pair.cert, 0o644);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') {
      throw new CertificateError(
        'ERR_CERTIFICATE_FOLDER',
        `${dirname(file)} is no folder, or lies in a file: name a folder for development certificates with tls: { selfSigned: { directory } }.`,
        { cause: error },
      );
    }
    throw new CertificateError('ERR_CERTIFICATE_UNREADABLE', `Cannot read ${file}: check its permissions.`, {
      cause: error,
    });
  }
}

async function replace(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { mode, flag: 'wx' });
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new CertificateError('ERR_CERTIFICATE_FOLDER', `Cannot write ${file}: check its permissions.`, {
      cause,
    });
  }
}
