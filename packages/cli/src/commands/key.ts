/** `tokenwright key`: makes keys, takes the public half, converts between PEM and JWK, and tells thumbprints. */
import {
  generateKey,
  importJwks,
  importKey,
  type Key,
  type SignatureAlgorithmName,
  thumbprint,
} from '@tokenwright/jwt';
import { type Command, Option } from 'commander';
import { type Failure, usage } from '../failure.js';
import { type GivenKey, KEY_HELP, readGivenKey, readKey, sourceOf } from '../input/key.js';
import { newPassphrase } from '../input/passphrase.js';
import { printable } from '../output/escaping.js';
import { withExample } from '../output/failures.js';
import { checkWritable, placeOf, writeNewFile } from '../output/new-file.js';
import { whileWaiting } from '../output/progress.js';
import { print, printJson } from '../output/terminal.js';

type Format = 'jwk' | 'pem';

interface OutputOptions {
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

interface NewOptions extends OutputOptions {
  readonly alg: SignatureAlgorithmName;
  readonly bits?: number;
  readonly kid?: string;
  readonly format: Format;
  readonly encrypt?: true;
  readonly publicOut?: string;
}

interface PublicOptions extends OutputOptions {
  readonly alg?: string;
  readonly format: Format;
}

interface ConvertOptions extends OutputOptions {
  readonly alg?: string;
  readonly to?: Format;
  readonly encrypt?: true;
}

interface ThumbprintOptions {
  readonly uri?: true;
  readonly json?: true;
}

const AFTER_HELP = `
Examples:
  $ tokenwright key new --alg ES256 --out private.jwk
  $ tokenwright key public @private.jwk > public.jwk
  $ tokenwright key convert @private.pem --out private.jwk
  $ tokenwright key thumbprint @public.jwk

An encrypted PEM is opened with the passphrase in TOKENWRIGHT_PASSPHRASE; without it the terminal asks.
Files of private keys get mode 0600, and no file is replaced without --force.

Exit codes: 0 done, 2 usage or no usable key, 4 a file cannot be read or written, 130 interrupted at a prompt.`;

/** Gives the command its subcommands, each with options and action. */
export function defineKey(command: Command): void {
  command.description('Makes, converts and names keys.').addHelpText('after', AFTER_HELP);
  defineNew(command.command('new'));
  definePublic(command.command('public'));
  defineConvert(command.command('convert'));
  defineThumbprint(command.command('thumbprint'));
}

function defineNew(command: Command): void {
  withExample(withOutput(command), 'tokenwright key new --alg ES256 --out private.jwk')
    .description('Makes a private key or a shared secret from random numbers.')
    .requiredOption('--alg <algorithm>', 'what it signs with: ES256, EdDSA, RS256, HS256, ML-DSA-65, …')
    .option('--bits <number>', 'its size, for RSA (default 3072) and HMAC (default: the hash)', wholeNumber)
    .option('--kid <id>', 'its key ID (default: its thumbprint; none for a secret)')
    .addOption(formatOption('--format <format>', 'jwk or pem').default('jwk'))
    .option('--encrypt', 'encrypt the PEM with a passphrase')
    .option('--public-out <file>', 'write the public half to a file, too')
    .action(makeKey);
}

function definePublic(command: Command): void {
  withOutput(command)
    .description('Prints the public half of a private key or a certificate.')
    .argument('<key>', KEY_HELP)
    .option('--alg <algorithm>', "what it signs with (default: the key's own)")
    .addOption(formatOption('--format <format>', 'jwk or pem').default('jwk'))
    .action(async (specification: string, { format, alg, ...output }: PublicOptions) => {
      const key = await readKey(specification, alg);
      await write(key, [{ text: publicText(key, format), mode: 0o644, ...output }], { ...output, format });
    });
}

function defineConvert(command: Command): void {
  withOutput(command)
    .description('Converts PEM to JWK and JWK to PEM, private or public as the key is.')
    .argument('<key>', KEY_HELP)
    .option('--alg <algorithm>', "what it signs with (default: the key's own)")
    .addOption(formatOption('--to <format>', 'jwk or pem (default: the other one)'))
    .option('--encrypt', 'encrypt the PEM with a passphrase')
    .action(convertKey);
}

function defineThumbprint(command: Command): void {
  command
    .description('Prints the SHA-256 thumbprint (RFC 7638) of a key, or of each key of a JWK Set.')
    .argument('<key>', KEY_HELP)
    .option('--uri', 'as a URN (RFC 9278)')
    .option('--json', 'print JSON and nothing else')
    .action(async (key: string, options: ThumbprintOptions) =>
      printThumbprints(await readGivenKey(key), options),
    );
}

function withOutput(command: Command): Command {
  return command
    .option('--out <file>', 'write to a file instead of standard output')
    .option('--force', 'replace files that are there')
    .option(
      '--json',
      'print JSON and nothing else: the key with what it is for, or the files that were written',
    );
}

function formatOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(['jwk', 'pem']);
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw usage('--bits is no whole number.', 'Give the size in bits: 3072.');
}

async function makeKey(options: NewOptions): Promise<void> {
  const { alg, bits, kid, format, encrypt, publicOut, ...output } = options;
  await checkFiles(options);
  const making = generateKey(alg, {
    ...(bits === undefined ? {} : { bits }),
    ...(kid === undefined ? {} : { kid }),
  });
  const key = await whileWaiting('making the key', making);
  // Before anything is written: a secret has no public half, and then no file is left behind.
  const publicHalf = publicOut === undefined ? undefined : publicText(key, format);
  const halves: Half[] = [{ text: await privateText(key, format, encrypt), mode: 0o600, out: output.out }];
  if (publicHalf !== undefined) halves.push({ text: publicHalf, mode: 0o644, out: publicOut });
  await write(key, halves, { ...output, format });
}

/** @throws Failure unless both files can be written: never is one half left without the other. */
async function checkFiles({ out, publicOut, force }: NewOptions): Promise<void> {
  const files = [out, publicOut].filter((file) => file !== undefined);
  const places = await Promise.all(files.map(placeOf));
  if (new Set(places).size < places.length) {
    throw usage('--out and --public-out name one file.', 'Give each half a file of its own.');
  }
  for (const file of files) await checkWritable(file, { force: force === true });
}

async function convertKey(specification: string, options: ConvertOptions): Promise<void> {
  const { to, alg, encrypt, ...output } = options;
  const given = await readGivenKey(specification);
  const key = importKey(sourceOf(given), alg);
  const { form } = given.content;
  const format = to ?? (form === 'pem' || form === 'certificate' || form === 'secret' ? 'jwk' : 'pem');
  if (encrypt && !key.canSign) throw notEncrypted('A public key is for everybody.', 'Leave --encrypt out.');
  const text = key.canSign ? await privateText(key, format, encrypt) : publicText(key, format);
  await write(key, [{ text, mode: key.canSign ? 0o600 : 0o644, ...output }], { ...output, format });
}

function printThumbprints(given: GivenKey, { uri, json }: ThumbprintOptions): void {
  const { content } = given;
  const sources = content.form === 'jwks' ? importJwks({ keys: content.keys }) : [content.source];
  const prefix = uri ? 'urn:ietf:params:oauth:jwk-thumbprint:sha-256:' : '';
  const thumbprints = sources.map((source) => `${prefix}${thumbprint(source)}`);
  if (json) printJson({ thumbprints });
  else for (const one of thumbprints) print(one);
}

async function privateText(key: Key, format: Format, encrypt: true | undefined): Promise<string> {
  if (encrypt && format === 'jwk') {
    throw notEncrypted('A JWK has no encrypted form here.', 'Ask for PEM, or leave --encrypt out.');
  }
  if (format === 'jwk') return jsonText(key.exportPrivateJwk());
  if (key.isSecret) throw usage('A shared secret has no PEM form.', 'Use --format jwk.');
  return encrypt ? key.exportPrivatePem({ passphrase: await newPassphrase() }) : key.exportPrivatePem();
}

function publicText(key: Key, format: Format): string {
  const jwk = key.publicJwk();
  const pem = format === 'pem' ? key.publicPem() : undefined;
  if (jwk === undefined) {
    throw usage(
      'A shared secret has no public half: whoever verifies with it can sign, too.',
      'Use an asymmetric key: tokenwright key new --alg ES256',
    );
  }
  return pem ?? jsonText(jwk);
}

function notEncrypted(why: string, fix: string): Failure {
  return usage(`--encrypt is for private keys in PEM. ${why}`, fix);
}

function jsonText(jwk: Record<string, unknown>): string {
  return `${JSON.stringify(jwk, undefined, 2)}\n`;
}

/** A half of a key, and the file that it goes to. */
interface Half {
  readonly text: string;
  readonly mode: 0o600 | 0o644;
  readonly out?: string | undefined;
}

/** Writes halves to their files, and prints the one that has none. */
async function write(
  key: Key,
  halves: readonly Half[],
  { force, json, format }: OutputOptions & { readonly format: Format },
): Promise<void> {
  const written: string[] = [];
  let printed: string | undefined;
  for (const { text, mode, out } of halves) {
    if (out === undefined) printed = text;
    else {
      await writeNewFile(out, text, { mode, force: force === true });
      written.push(out);
    }
  }
  if (json) return printJson(keyJson(key, { format, printed, written }));
  if (printed !== undefined) print(printed.trimEnd());
  for (const file of written) print(`wrote ${printable(file)}`);
}

/** What `--json` promises. */
function keyJson(
  { algorithm, kid }: Key,
  { format, printed, written }: { format: Format; printed: string | undefined; written: readonly string[] },
): Record<string, unknown> {
  const key = printed === undefined || format === 'pem' ? printed : (JSON.parse(printed) as unknown);
  return { algorithm, kid: kid ?? null, format, key: key ?? null, written };
}
