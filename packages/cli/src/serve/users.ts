/** The users of the development issuer: from a JSON file, or one with a password made for this run. */
import { randomBytes } from 'node:crypto';
import { createPrincipal, hashPassword, type UserMap, verifyPassword } from '@tokenwright/auth';
import { InvalidOption, JwtBuilder } from '@tokenwright/jwt';
import { usage } from '../failure.js';
import { readBoundedFile } from '../input/bounded-reading.js';
import { inexactNumbers } from '../input/exact-json.js';
import { hasRepeatedMembers } from '../input/repeated-members.js';
import { textOf } from '../input/text.js';
import { warn } from '../output/terminal.js';
import { userToken } from './user-token.js';

/** Who may get a token, and the password to show where it was made here. */
export interface Users {
  readonly map: UserMap;
  readonly made: { readonly name: string; readonly password: string } | undefined;
}

/** A user of the file. */
interface FileUser {
  readonly password: string;
  readonly name?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** One user, `admin`, with a random password. */
export async function madeUser(): Promise<Users> {
  const password = randomBytes(12).toString('base64url');
  return {
    map: new Map([['admin', { hash: await hashPassword(password), roles: ['admin'] }]]),
    made: { name: 'admin', password },
  };
}

/**
 * The users of a file: `{ "admin": { "password": "…", "roles": ["admin"], "scopes": [], "claims": {} } }`. A password is
 * taken as it is, or as the PHC string of its hash.
 *
 * @throws Failure for what is no such file. No message holds a password.
 */
export async function usersFromFile(path: string): Promise<Users> {
  const file = path.replace(/^@/, '');
  const { bytes, mode } = await readBoundedFile(file, 'users file');
  if (mode !== undefined && (mode & 0o077) !== 0) {
    warn(
      `the users file ${file} has mode ${mode.toString(8).padStart(4, '0')}: others may read the passwords in it.`,
    );
  }
  const entries = Object.entries(usersIn(textOf(bytes), file));
  if (entries.length === 0) throw usage(`The users file ${file} has no users.`, EXAMPLE);
  const map: UserMap = new Map();
  for (const [written, value] of entries) {
    // Names come so from clients, in whatever form they are typed.
    const name = written.normalize('NFC');
    const where = `In the users file ${file}, ${JSON.stringify(written)}`;
    if (map.has(name)) throw usage(`${where} stands twice, in two spellings of Unicode.`, 'Leave one out.');
    const { password, ...facts } = checkedUser(name, value, where);
    map.set(name, { ...facts, hash: await hashFor(password, where) });
  }
  return { map, made: undefined };
}

const EXAMPLE = 'Write { "admin": { "password": "…", "roles": ["admin"] } }.';

function usersIn(text: string, file: string): object {
  if (inexactNumbers(text).length > 0) {
    throw usage(
      `The users file ${file} has a number with too many digits, or too large, to stay exact in a token.`,
      'Write it as text, in quotes, if its reader takes that.',
    );
  }
  if (hasRepeatedMembers(text)) {
    throw usage(
      `The users file ${file} has a member twice.`,
      'Readers differ in which they take: leave one out.',
    );
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch {
    // The parser's words would quote the file, which has passwords in it.
  }
  throw usage(`The users file ${file} is no JSON object.`, EXAMPLE);
}

function checkedUser(name: string, value: unknown, where: string): FileUser {
  const fault = nameFault(name) ?? faultOf(value);
  if (fault !== undefined) throw usage(`${where} ${fault}.`, EXAMPLE);
  const user = value as FileUser;
  try {
    // What no token may say is refused before anybody asks for one.
    userToken(new JwtBuilder(), createPrincipal({ ...user, scheme: 'Basic', subject: name }));
  } catch (error) {
    if (!(error instanceof InvalidOption)) throw error;
    throw usage(`${where} cannot have a token: ${error.hint}`, error.fix);
  }
  return user;
}

/** The password's hash, which it may be already. */
async function hashFor(password: string, where: string): Promise<string> {
  try {
    if (!password.startsWith('$')) return await hashPassword(password);
    // Only what it is compared with can be compared with anything: this throws for other hashes.
    await verifyPassword('', password);
    return password;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw password.startsWith('$')
      ? usage(
          `${where} has a password that begins with $, and is no scrypt hash (PHC format) to compare with.`,
          'Make the hash with hashPassword() of @tokenwright/auth, or take a password that begins otherwise.',
        )
      : usage(`${where} has a password that cannot be hashed: ${error.message}.`, 'Take a shorter one.');
  }
}

/** RFC 7617 §2. */
function nameFault(name: string): string | undefined {
  return /[:\p{Cc}]/u.test(name) ? 'has a colon or a control character in the name' : undefined;
}

const MEMBERS: ReadonlySet<string> = new Set(['password', 'name', 'roles', 'scopes', 'claims']);

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'is no object';
  const { password, name, roles = [], scopes = [], claims = {} } = value as Record<string, unknown>;
  if (typeof password !== 'string' || password === '') return 'has no password';
  if (name !== undefined && typeof name !== 'string') return 'has a name that is no text';
  for (const list of [roles, scopes]) {
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string' && one !== '')) {
      return 'has roles or scopes that are no list of texts';
    }
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims))
    return 'has claims that are no object';
  const strange = Object.keys(value).find((member) => !MEMBERS.has(member));
  return strange === undefined ? undefined : `has ${JSON.stringify(strange)}, which means nothing here`;
}
