/** The server's log: pino, readable on a terminal, JSON elsewhere, with credentials redacted. */
import { createRequire } from 'node:module';
import { type Logger, type LoggerOptions, pino } from 'pino';

/** What `.logger()` takes: options of pino, or a pino logger of one's own (used as it is). */
export type LoggerChoice = LoggerOptions | Logger;

/** Names whose values never reach the log, at the top of a record and two levels down. */
const SECRETS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'access_token',
  'refresh_token',
  'token',
  'password',
];

/** What a terminal need not show: it stands in the message already, or is the same in every line. */
const REPEATED = 'pid,hostname,name,method,path,status,duration,urls';

/** A logger that says nothing: what a server has without `.logger()`. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/**
 * Makes the logger that `.logger()` uses, for whoever wants to log before there is a server. On a terminal the printer is
 * a synchronous stream in this thread: no line is lost when the process ends.
 *
 * @param name - stands in each line
 * @throws TypeError when `choice` is neither options nor a pino logger
 * @example
 * ```ts
 * const log = createLogger('Auth JWT', { level: 'debug' });
 * const server = createServer('Auth JWT').logger(log);
 * ```
 */
export function createLogger(name: string, choice: LoggerChoice = {}): Logger {
  if (typeof choice !== 'object' || choice === null) {
    throw new TypeError(".logger() takes options of pino, as { level: 'debug' }, or a pino logger.");
  }
  if (isLogger(choice)) return choice;
  const options: LoggerOptions = { name, ...choice, redact: redaction(choice.redact) };
  if (!process.stdout.isTTY) return pino(options);
  // Loaded where there is a terminal, and synchronously, because this function is.
  const { PinoPretty } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return pino(
    options,
    PinoPretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: REPEATED }),
  );
}

function isLogger(choice: LoggerChoice): choice is Logger {
  return 'child' in choice && typeof choice.child === 'function';
}

function redaction(own: LoggerOptions['redact']): NonNullable<LoggerOptions['redact']> {
  const paths = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  if (own === undefined) return { paths };
  return Array.isArray(own) ? { paths: [...paths, ...own] } : { ...own, paths: [...paths, ...own.paths] };
}
