/** A file of password hashes: `name:hash` lines, as htpasswd writes them, with PHC strings for hashes. */
import { type BigIntStats, readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { costOf, costsOf, nameFault, type UserStore } from './user-store.js';

/**
 * Users from a file. It is read at once, and again when it has changed, which every login looks at; so a user who was
 * taken out is out. Replace it by renaming a new one over it: a file that is malformed when it is read again lets nobody
 * in (500) until it is mended. Blank lines and lines that start with `#` are skipped.
 *
 * The file is never written: for rehashing at login, add a `replaceHash` of your own to the store.
 *
 * @param path of a UTF-8 file that only the server's user should be able to read
 * @throws TypeError for a malformed line or a name that stands there twice, with the line's number and never its
 * content; what the file system throws when it can't be read.
 * @example
 * ```ts
 * basic({ realm: 'Init', users: passwordFile('/etc/orders/users') });
 * ```
 */
export function passwordFile(path: string): UserStore {
  let version = versionOf(statSync(path, { bigint: true }));
  let users = parse(decoded(readFileSync(path)));
  let costs = costsOf([...users.values()]);
  return {
    async find(name) {
      const found = versionOf(await stat(path, { bigint: true }));
      if (found !== version) {
        // The version is taken before the content: a change in between is seen at the next login.
        users = parse(decoded(await readFile(path)));
        costs = costsOf([...users.values()]);
        version = found;
      }
      return users.get(name);
    },
    costs: () => costs,
  };
}

function versionOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TypeError('the password file is not UTF-8');
  }
}

function parse(text: string): Map<string, string> {
  const users = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const fault = faultOf(line, users);
    if (fault !== undefined) throw new TypeError(`line ${index + 1} of the password file ${fault}`);
    const colon = line.indexOf(':');
    users.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return users;
}

function faultOf(line: string, users: ReadonlyMap<string, string>): string | undefined {
  const colon = line.indexOf(':');
  if (colon === -1) return 'has no colon between name and hash';
  const name = line.slice(0, colon);
  const fault = nameFault(name);
  if (fault !== undefined) return `has a name that ${fault}`;
  if (users.has(name)) return 'has a name that stood there before';
  if (costOf(line.slice(colon + 1)) === undefined) {
    return 'has no password hash in PHC format after the colon; make one with hashPassword()';
  }
  return undefined;
}
