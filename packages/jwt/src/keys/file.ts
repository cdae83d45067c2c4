/** Key files, read once and synchronously, as configuration is: `file:` only, whole, and small. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InvalidKey } from '../errors.js';

/** The largest key file, in bytes; a chain of certificates and a key of 16,384 bits fit in. */
const MAX_FILE_SIZE = 65_536;

/** The bytes of a key file. @throws InvalidKey for another scheme, or a file that is missing, unreadable, no file or too large. */
export function readKeyFile(url: URL): Buffer {
  if (url.protocol !== 'file:') {
    throw new InvalidKey(
      `A key is not read from ${url.protocol}, only from file:.`,
      'Keys on a server are for remoteJwks; a path becomes a URL with pathToFileURL.',
    );
  }
  const path = pathOf(url);
  const descriptor = opened(path);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new InvalidKey(`${path} is no file.`, 'Give the URL of the key file itself.');
    // One byte more than is allowed, for a file may grow while it is read.
    const bytes = Buffer.alloc(Math.min(stat.size, MAX_FILE_SIZE) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    if (length > MAX_FILE_SIZE) {
      throw new InvalidKey(
        `${path} is larger than ${MAX_FILE_SIZE} bytes.`,
        'No key is: is it another file?',
      );
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** The text in a key file's bytes. Editors and shells on Windows write a byte order mark, and some write UTF-16. */
export function textOfFile(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
  return text.replace(/^\uFEFF/, '');
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new InvalidKey('The file: URL names no path of this machine.', 'Make it with pathToFileURL(path).');
  }
}

function opened(path: string): number {
  try {
    // Without waiting: opening a pipe would otherwise block until somebody writes to it. Windows has no such flag.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new InvalidKey(`There is no file ${path}.`, 'Check the path it is made from.');
    throw new InvalidKey(`The file ${path} cannot be read (${code}).`, 'Check its permissions.');
  }
}
