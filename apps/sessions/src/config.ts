/** The settings: read from the environment once, here. */

/** A setting that cannot be used. */
class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The settings. */
export interface Config {
  readonly port: number;
  /** Undefined for loopback, 127.0.0.1 and ::1. */
  readonly host: string | undefined;
  readonly tls: 'self-signed' | { readonly selfSigned: { readonly directory: string } };
  /** The URL under which clients reach the service: its issuer identifier (RFC 8414 §2). */
  readonly issuer: string;
  readonly user: string;
  readonly password: string;
  /** Where sessions are kept: in Redis when there is a URL, else in a file. */
  readonly redisUrl: string | undefined;
  readonly file: string;
  /** Hexadecimal; undefined for a key of this process's own making, which no other process knows. */
  readonly key: string | undefined;
  readonly logLevel: string;
}

/** @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const { HOST, REDIS_URL, TOKENWRIGHT_CERTIFICATES: directory, TOKENWRIGHT_KEY: key } = environment;
  const port = Number(environment['PORT'] || 5001);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ConfigError('PORT must be a number from 1 to 65535.');
  if (REDIS_URL && !key) {
    throw new ConfigError(
      'With REDIS_URL there are several processes, and they need one key: set TOKENWRIGHT_KEY to 64 hexadecimal digits, the same for all. Make one with node -p "crypto.randomBytes(32).toString(\'hex\')".',
    );
  }
  const password = environment['TOKENWRIGHT_PASSWORD'] || 'password';
  const loopback = !HOST || /^(localhost|::1|127(\.\d{1,3}){3})$/.test(HOST);
  if (password === 'password' && !loopback)
    throw new ConfigError(
      `HOST=${HOST} can be reached by others, and the password is 'password'. Set TOKENWRIGHT_PASSWORD.`,
    );
  return {
    port,
    host: HOST || undefined,
    tls: directory ? { selfSigned: { directory } } : 'self-signed',
    issuer: environment['TOKENWRIGHT_ISSUER'] || `https://localhost:${port}`,
    user: environment['TOKENWRIGHT_USER'] || 'admin',
    password,
    redisUrl: REDIS_URL || undefined,
    file: environment['SESSIONS_FILE'] || 'sessions.db',
    key: key || undefined,
    logLevel: environment['LOG_LEVEL'] || 'info',
  };
}
