/** The KEY option: `@FILE`, `env:NAME`, a form of secret before one of them or before the secret, `prompt` or `-`. There is no default key. */
import { importJwks, importKey, type Key } from '@tokenwright/jwt';
import { usage } from '../failure.js';
import { warn } from '../output/terminal.js';
import { readBoundedFile, readBoundedStdin } from './bounded-reading.js';
import { forgottenAt } from './forgotten-at.js';
import { type KeyContent, type KeyPlace, keyFromContent, type PlainSource } from './key-content.js';
import { readSecret, SECRET_FORMS, secretIn } from './secret.js';
import { exactTextOf } from './text.js';

/** How the option is described in every command's help. */
export const KEY_HELP =
  '@FILE or env:NAME (PEM, certificate, JWK, JWKS); for a secret hex:, base64url: or text: before it, as in hex:@FILE and text:env:NAME; - (standard input), prompt (asks for a secret), or the secret itself as hex:…, base64url:… or text:…';

/** What the option gave: a key that was read and is not checked yet. */
export interface GivenKey {
  /** Where it comes from, as the beginning of a sentence. */
  readonly name: string;
  readonly content: KeyContent;
  /** The file, where others may read it. */
  readonly open?: { readonly path: string; readonly mode: number };
}

/**
 * Reads a key.
 *
 * @param specification the option's value. It can be a secret, so no message repeats it.
 * @throws Failure for what cannot be read, or does not say what it is.
 */
export async function readGivenKey(specification: string): Promise<GivenKey> {
  // Standard input that is a terminal has nothing to be read but what is typed, and that is not to be shown.
  if (specification === 'prompt' || (specification === '-' && process.stdin.isTTY)) return asked();
  if (specification === '-') return keyIn(await readStdin(), STANDARD_INPUT);
  const form = SECRET_FORMS.find((one) => specification.startsWith(`${one}:`));
  const place = form === undefined ? specification : specification.slice(form.length + 1);
  const read: Reading =
    form === undefined
      ? keyFromContent
      : (text, { name }) => ({ form: 'secret', source: readSecret(form, text, name) });
  if (place.startsWith('env:')) return fromEnvironment(place.slice(4), read);
  if (place.startsWith('@')) return fromFile(place.slice(1), read);
  if (form === undefined) {
    const fix = (await forgottenAt(specification)) ?? `Give it as ${KEY_HELP}.`;
    throw usage('The key does not say in which form it is.', fix);
  }
  // The name of a file can be long enough for a secret, and everybody may know it.
  const fix = await forgottenAt(place, `${form}:`);
  if (fix !== undefined) throw usage('The key is the name of a file.', fix);
  warn(
    `the key stands in the command line, where the process list and the shell's history show it; ${form}:@FILE and ${form}:env:NAME keep it out of both.`,
  );
  return { name: 'The key', content: { form: 'secret', source: secretIn(form, place) } };
}

/**
 * Reads one key and binds it to its one algorithm.
 *
 * @param algorithm the algorithm asked for; without one, the key's own.
 * @throws Failure for what cannot be read, and for a JWK Set of several; InvalidKey for what is no usable key.
 */
export async function readKey(specification: string, algorithm: string | undefined): Promise<Key> {
  const given = await readGivenKey(specification);
  const key = importKey(sourceOf(given), algorithm);
  if (key.isSecret || key.canSign) warnWhenOpen(given);
  return key;
}

/**
 * Reads the keys of a JWK Set, or the one key of anything else.
 *
 * @throws Failure also for a set without a key for the algorithm asked for.
 */
export async function readKeys(
  specification: string,
  algorithm: string | undefined,
): Promise<readonly [Key, ...Key[]]> {
  const given = await readGivenKey(specification);
  const [first, ...more] = keysOf(given, algorithm);
  if (first === undefined) {
    throw usage(`${given.name} has no key for ${algorithm}.`, 'Leave --alg out, or give another set.');
  }
  if ([first, ...more].some((key) => key.isSecret || key.canSign)) warnWhenOpen(given);
  return [first, ...more];
}

function keysOf({ content }: GivenKey, algorithm: string | undefined): readonly Key[] {
  if (content.form !== 'jwks') return [importKey(content.source, algorithm)];
  const [only, ...more] = content.keys;
  if (more.length === 0) return [importKey({ jwk: only as Record<string, unknown> }, algorithm)];
  const keys = importJwks({ keys: content.keys });
  return algorithm === undefined ? keys : keys.filter((key) => key.algorithm === algorithm);
}

/** The one key that was given. @throws Failure for a JWK Set of several. */
export function sourceOf({ name, content }: GivenKey): PlainSource {
  if (content.form !== 'jwks') return content.source;
  const [jwk, ...more] = content.keys;
  if (jwk !== undefined && more.length === 0) return { jwk };
  throw usage(
    `${name} is a JWK Set with ${content.keys.length} keys, and one key is needed.`,
    'Take the one key out of it.',
  );
}

/** Warns when others could use the key, too. Not for public keys, which are for everybody. */
export function warnWhenOpen({ open }: GivenKey): void {
  if (open === undefined) return;
  const octal = open.mode.toString(8).padStart(4, '0');
  warn(`the key file ${open.path} has mode ${octal}: others may use it; chmod 600 keeps it yours.`);
}

/** Makes a key of the text that lies somewhere. */
type Reading = (text: string, place: KeyPlace) => KeyContent | Promise<KeyContent>;

const FORMED = SECRET_FORMS.map((form) => `${form}:…`).join(', ');

const STANDARD_INPUT: KeyPlace = {
  name: 'Standard input',
  bareSecret: `Where it is a bare secret, pipe it in with its form before it: ${FORMED}`,
};

const TYPED: KeyPlace = {
  name: 'What was typed',
  bareSecret: `Type a secret with its form before it: ${FORMED}`,
};

/** A place that the option can name behind a form, too. */
function formedPlace(name: string, specification: string): KeyPlace {
  const formed = SECRET_FORMS.map((form) => `${form}:${specification}`).reverse();
  return { name, bareSecret: `Where it is a bare secret, write ${formed.join(', or ')}` };
}

async function keyIn(text: string, place: KeyPlace, read: Reading = keyFromContent): Promise<GivenKey> {
  return { name: place.name, content: await read(text, place) };
}

async function fromFile(path: string, read: Reading): Promise<GivenKey> {
  const { bytes, mode } = await readBoundedFile(path, 'key file');
  const place = formedPlace(`The key file ${path}`, `@${path}`);
  const given = await keyIn(textIn(bytes, place.name), place, read);
  return mode !== undefined && (mode & 0o077) !== 0 ? { ...given, open: { path, mode } } : given;
}

async function readStdin(): Promise<string> {
  return textIn(await readBoundedStdin(), STANDARD_INPUT.name);
}

/** A secret in one of its forms. Anything else has many lines. */
async function asked(): Promise<GivenKey> {
  const { askHidden } = await import('./prompt.js');
  const typed = await askHidden('Key (hex:…, base64url:… or text:…): ', {
    noTerminal: usage('There is no terminal to ask for the key at.', 'Give it as @FILE or env:NAME.'),
    noAnswer: usage('No key was typed.', 'Type it, or give it as @FILE or env:NAME.'),
  });
  return keyIn(typed, TYPED);
}

function fromEnvironment(name: string, read: Reading): Promise<GivenKey> {
  if (!/^\w+$/.test(name)) throw usage('What follows env: is no name of a variable.', 'Write env:NAME.');
  // Own names only: what every object inherits is no variable.
  const content = Object.hasOwn(process.env, name) ? process.env[name] : undefined;
  if (content === undefined || content === '') {
    throw usage(
      `The environment variable ${name} is ${content === undefined ? 'not set' : 'empty'}.`,
      'Set it, or give the key in another way; there is no default key.',
    );
  }
  return keyIn(content, formedPlace(`The environment variable ${name}`, `env:${name}`), read);
}

function textIn(bytes: Buffer, name: string): string {
  const text = exactTextOf(bytes);
  if (text !== undefined) return text;
  throw usage(`${name} is not text.`, 'Give DER as PEM, and the bytes of a secret as hex or base64url.');
}
