/** The options that say what a token is checked against: shared by the commands that check one. */
import { type Duration, type EncryptionKey, JwtValidator, type ValidatorOptions } from '@tokenwright/jwt';
import { type Command, Option } from 'commander';
import { usage } from '../failure.js';
import { readDecryptionKey } from './encryption-key.js';
import { KEY_HELP, readKeys } from './key.js';
import { collect } from './repeated.js';
import { duration } from './times.js';
import { isStdin } from './token.js';

/** What the options hold once they are parsed. */
export interface ValidationOptions {
  readonly key?: string;
  readonly alg?: string;
  readonly decryptKey?: string;
  readonly issuer?: readonly string[];
  readonly anyIssuer?: true;
  readonly audience?: readonly string[];
  readonly anyAudience?: true;
  readonly typ?: string;
  readonly tolerance?: Duration;
  readonly maxAge?: Duration;
  readonly maxLifetime?: Duration;
  readonly require?: readonly string[];
  readonly acceptNeverExpiring?: true;
  readonly ca?: string;
}

/** Gives a command the options. */
export function withValidationOptions(command: Command): Command {
  return command
    .option(
      '--key <key>',
      `${KEY_HELP}; or the URL of a JWKS. Without it the keys of an https --issuer are discovered`,
    )
    .option('--alg <algorithm>', "the one accepted algorithm (default: the keys' own)")
    .option('--decrypt-key <key>', 'the key that decrypts; then only encrypted tokens are accepted')
    .addOption(repeatable('--issuer <issuer>', 'an accepted issuer (repeatable)').conflicts('anyIssuer'))
    .option('--any-issuer', 'accept any issuer')
    .addOption(
      repeatable('--audience <audience>', 'an accepted audience (repeatable)').conflicts('anyAudience'),
    )
    .option('--any-audience', 'accept any audience')
    .option('--typ <type>', 'the one accepted type (default: not checked)')
    .option('--tolerance <duration>', 'how far clocks may differ (default: 60s)', duration('--tolerance'))
    .option('--max-age <duration>', 'the greatest age since the issue', duration('--max-age'))
    .option(
      '--max-lifetime <duration>',
      'the longest from the issue to the end that is accepted',
      duration('--max-lifetime'),
    )
    .addOption(repeatable('--require <claim>', 'a claim that must be there (repeatable)'))
    .option('--accept-never-expiring', 'accept a token without an end')
    .option('--ca <file>', 'a certificate authority to trust, as PEM, when something is fetched');
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect);
}

/** What a token is checked with. */
export interface Validation {
  readonly validator: JwtValidator;
  /** The key that the validator decrypts with: a key can be read only once, for it may come from standard input. */
  readonly decryptionKey: EncryptionKey | undefined;
}

/**
 * The validator that the options describe, with its decryption key.
 *
 * @param token the command's token argument, which can come from standard input only when no key does.
 * @param now milliseconds since 1970: one moment for all that is asked of it.
 * @throws Failure for what is missing or cannot be read.
 */
export async function validationFor(
  options: ValidationOptions,
  token: string | undefined,
  now: number,
): Promise<Validation> {
  return validationWith(() => keysFor(options), options, token, now);
}

/** The same, with keys from elsewhere. @throws Failure for what is missing or cannot be read. */
export async function validationWith(
  keys: () => Promise<ValidatorOptions['keys']>,
  options: ValidationOptions,
  token: string | undefined,
  now: number,
): Promise<Validation> {
  const issuer = namedOrWaived(options.issuer, options.anyIssuer, 'issuer');
  const audience = namedOrWaived(options.audience, options.anyAudience, 'audience');
  const fromStdin = [options.key, options.decryptKey].filter((key) => key === '-').length;
  if (fromStdin + (isStdin(token) ? 1 : 0) > 1) {
    throw usage(
      `${fromStdin > 1 ? 'Two keys' : 'Token and key'} cannot both come from standard input.`,
      'Give one of them as @FILE.',
    );
  }
  const { decryptKey } = options;
  const keysToVerify = await keys();
  const decryptionKey = decryptKey === undefined ? undefined : await readDecryptionKey(decryptKey);
  const validator = new JwtValidator({
    keys: keysToVerify,
    issuer,
    audience,
    ...(decryptionKey === undefined ? {} : { decryptWith: decryptionKey }),
    ...(options.typ === undefined ? {} : { typ: options.typ }),
    ...(options.tolerance === undefined ? {} : { clockTolerance: options.tolerance }),
    ...(options.maxAge === undefined ? {} : { maxAge: options.maxAge }),
    ...(options.maxLifetime === undefined ? {} : { maxLifetime: options.maxLifetime }),
    requiredClaims: options.require ?? [],
    acceptNeverExpiring: options.acceptNeverExpiring === true,
    clock: () => now,
  });
  return { validator, decryptionKey };
}

/** @throws Failure when the names were neither given nor waived. */
function namedOrWaived(
  names: readonly string[] | undefined,
  waived: true | undefined,
  what: 'issuer' | 'audience',
): [string, ...string[]] | null {
  if (waived) return null;
  const [first, ...more] = names ?? [];
  if (first !== undefined) return [first, ...more];
  throw usage(
    `The ${what} to check is missing.`,
    `Name it with --${what}, or say with --any-${what} that any will do.`,
  );
}

async function keysFor(options: ValidationOptions): Promise<ValidatorOptions['keys']> {
  const { key, alg, issuer, ca } = options;
  if (key !== undefined && !isUrl(key)) return readKeys(key, alg);
  const [name, ...more] = issuer ?? [];
  if (key === undefined && (name === undefined || !isUrl(name) || more.length > 0)) {
    throw usage(
      'The key to check with is missing.',
      'Give --key, or one --issuer that is an https URL, whose keys are then discovered.',
    );
  }
  const { discoveredKeys, publishedKeys } = await import('../network/keys.js');
  return key === undefined ? discoveredKeys(name ?? '', { alg, ca }) : publishedKeys(key, { alg, ca });
}

/** Whether a value is meant to be fetched. */
export function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
