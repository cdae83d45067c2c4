/** The tutorial's settings: read from the environment once, here; everything has a default. */
import { isIPv4 } from 'node:net';
import { type Duration, JwtBuilder } from '@tokenwright/jwt';
import { PUBLISHED, publishedSettings } from './published.js';

/** The settings. */
export interface TutorialConfig {
  readonly name: string;
  readonly port: number;
  /** Undefined for loopback, 127.0.0.1 and ::1. */
  readonly host: string | undefined;
  readonly tls: 'self-signed' | { readonly selfSigned: { readonly directory: string } };
  readonly issuer: string;
  readonly audience: string;
  /** The HMAC key in hexadecimal. */
  readonly key: string;
  readonly validFor: Duration;
  readonly maxSession: Duration;
  readonly realm: string;
  readonly user: string;
  readonly password: string;
  /** What stands in the lab's sign-in form: a password of one's own never. */
  readonly prefill: { readonly user: string; readonly password?: string };
  readonly logLevel: string;
  /** Which settings still have a value that everybody can read in the tutorial. */
  readonly published: readonly string[];
}

/** The levels of pino, the log. */
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'];
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const CENTURY = 36_525 * SECONDS.d;

/** A setting that cannot be used. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings.
 *
 * @throws ConfigError for a value that cannot be used, or a published key or password on an address others can reach.
 */
export function readConfig(environment: NodeJS.ProcessEnv): TutorialConfig {
  const read = (name: string, fallback: string): string => environment[name] ?? fallback;
  const text = (name: string, fallback: string): string => notEmpty(name, read(name, fallback));
  const key = keyFrom(text('TOKENWRIGHT_KEY', PUBLISHED.TOKENWRIGHT_KEY));
  const password = text('TOKENWRIGHT_PASSWORD', PUBLISHED.TOKENWRIGHT_PASSWORD);
  const user = text('TOKENWRIGHT_USER', 'admin');
  const directory = environment['TOKENWRIGHT_CERTIFICATES'];
  const host = environment['HOST'] || undefined;
  const published = publishedSettings({ key, password });
  if (published.length > 0 && host !== undefined && !isLoopback(host)) {
    throw new ConfigError(
      `HOST=${host} can be reached by others, and ${published.join(' and ')} ${published.length > 1 ? 'are' : 'is'} the tutorial's published value. Set ${published.length > 1 ? 'both' : 'it'} to a secret of your own, or leave HOST out.`,
    );
  }
  return Object.freeze({
    name: 'Auth JWT',
    port: portFrom(read('PORT', '5000')),
    host,
    tls: directory ? { selfSigned: { directory } } : 'self-signed',
    issuer: text('TOKENWRIGHT_ISSUER', 'KestrunApi'),
    audience: text('TOKENWRIGHT_AUDIENCE', 'KestrunClients'),
    key,
    validFor: durationFrom('TOKENWRIGHT_VALID_FOR', read('TOKENWRIGHT_VALID_FOR', '1h')),
    maxSession: durationFrom('TOKENWRIGHT_MAX_SESSION', read('TOKENWRIGHT_MAX_SESSION', '12h')),
    realm: text('TOKENWRIGHT_REALM', 'Init'),
    user,
    password,
    prefill: published.includes('TOKENWRIGHT_PASSWORD') ? { user, password } : { user },
    logLevel: levelFrom(read('LOG_LEVEL', 'info')),
    published,
  });
}

function notEmpty(name: string, text: string): string {
  if (text === '')
    throw new ConfigError(`${name} is set, and empty. Give it a value, or leave it out for the tutorial's.`);
  return text;
}

/** Tried here, for the token builder cannot know which variable its key came from. */
function keyFrom(hex: string): string {
  try {
    new JwtBuilder().signWith({ hex }, 'HS256');
  } catch (error) {
    throw new ConfigError(`TOKENWRIGHT_KEY cannot be used. ${(error as Error).message}`);
  }
  return hex;
}

function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new ConfigError(`PORT=${text} is no port. Give a number from 0 (any free one) to 65535.`);
  return port;
}

/** Read here although the token builder reads it too: the second one would be met at the first renewal only. */
function durationFrom(name: string, text: string): Duration {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  const seconds = Number(amount) * SECONDS[(unit || 's') as keyof typeof SECONDS];
  if (amount !== undefined && unit !== '' && seconds >= 1 && seconds <= CENTURY) return text as Duration;
  const what =
    amount === undefined
      ? 'is no duration'
      : unit === ''
        ? 'is a number without a unit'
        : 'is not between a second and a hundred years';
  throw new ConfigError(`${name}=${text} ${what}. Give a number with its unit: 90s, 15m, 1h or 7d.`);
}

function levelFrom(text: string): string {
  if (!LOG_LEVELS.includes(text))
    throw new ConfigError(`LOG_LEVEL=${text} is no level of the log. Give one of ${LOG_LEVELS.join(', ')}.`);
  return text;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
