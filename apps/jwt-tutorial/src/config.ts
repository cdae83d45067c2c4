/** The tutorial's settings: read from the environment once, here; everything has a default. */
import type { Duration } from '@tokenwright/jwt';

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

/** The values that stand in the tutorial, and are therefore no secrets. */
const PUBLISHED = {
  TOKENWRIGHT_KEY: '6f1a1ce2e8cc4a5685ad0e1d1f0b8c092b6dce4f7a08b1c2d3e4f5a6b7c8d9e0',
  TOKENWRIGHT_PASSWORD: 'password',
} as const;

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
  const key = read('TOKENWRIGHT_KEY', PUBLISHED.TOKENWRIGHT_KEY);
  const password = read('TOKENWRIGHT_PASSWORD', PUBLISHED.TOKENWRIGHT_PASSWORD);
  const user = read('TOKENWRIGHT_USER', 'admin');
  const directory = environment['TOKENWRIGHT_CERTIFICATES'];
  const host = environment['HOST'] || undefined;
  const published = [
    ...(key.toLowerCase() === PUBLISHED.TOKENWRIGHT_KEY ? ['TOKENWRIGHT_KEY'] : []),
    ...(password === PUBLISHED.TOKENWRIGHT_PASSWORD ? ['TOKENWRIGHT_PASSWORD'] : []),
  ];
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
    issuer: read('TOKENWRIGHT_ISSUER', 'KestrunApi'),
    audience: read('TOKENWRIGHT_AUDIENCE', 'KestrunClients'),
    key,
    validFor: read('TOKENWRIGHT_VALID_FOR', '1h') as Duration,
    maxSession: read('TOKENWRIGHT_MAX_SESSION', '12h') as Duration,
    realm: read('TOKENWRIGHT_REALM', 'Init'),
    user,
    password,
    prefill: published.includes('TOKENWRIGHT_PASSWORD') ? { user, password } : { user },
    logLevel: read('LOG_LEVEL', 'info'),
    published,
  });
}

function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new ConfigError(`PORT=${text} is no port. Give a number from 0 (any free one) to 65535.`);
  return port;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
