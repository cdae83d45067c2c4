/** The server's log: pino, readable on a terminal, JSON elsewhere, with credentials redacted. */
import { createRequire } from 'node:module';
import { type Logger, type LoggerOptions, pino, type SerializerFn } from 'pino';
import { refuseUnknownOptions } from './nearest-name.js';
import { GatheredLines, type SynchronousStream } from './observability/gathered-lines.js';
import { redacted, redactedValue } from './observability/redaction.js';

/** What `.logger()` takes: options of pino, or a pino logger of one's own (used as it is). */
export type LoggerChoice = LoggerOptions | Logger;

/** What a terminal need not show: it stands in the message already, or is the same in every line. */
const REPEATED = 'pid,hostname,name,method,path,status,duration,urls';

/** All that pino has: a misspelt level would quietly be the default one. */
const PINO_OPTIONS = Object.keys({
  transport: 1,
  safe: 1,
  name: 1,
  timestamp: 1,
  customLevels: 1,
  useOnlyCustomLevels: 1,
  levelComparison: 1,
  mixin: 1,
  mixinMergeStrategy: 1,
  depthLimit: 1,
  edgeLimit: 1,
  formatters: 1,
  serializers: 1,
  redact: 1,
  level: 1,
  levelVal: 1,
  base: 1,
  enabled: 1,
  crlf: 1,
  errorKey: 1,
  messageKey: 1,
  nestedKey: 1,
  hooks: 1,
  onChild: 1,
  msgPrefix: 1,
  browser: 1,
} satisfies Record<keyof LoggerOptions, 1>);

/** A logger that says nothing: what a server has without `.logger()`. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}

/**
 * Makes the logger that `.logger()` uses, for whoever wants to log before there is a server. On a terminal the printer is
 * a synchronous stream in this thread: no line is lost when the process ends. Elsewhere lines are gathered for 10 ms, and
 * those are lost if the process is killed with SIGKILL.
 *
 * Credentials are taken out of every record, and of the bindings of every child: what stands under a name such as
 * `authorization`, `client_secret` or `accessToken` in any letter case and depth, and tokens within texts. Requests, responses
 * and errors are cut down to what a log needs. What is formatted into the message itself (`log.info('%j', headers)`) is not
 * looked at.
 *
 * @param name - stands in each line
 * @throws TypeError when `choice` is neither options nor a pino logger, and for an option that pino has not
 * @example
 * ```ts
 * const log = createLogger('Auth JWT', { level: 'debug' });
 * const server = createServer('Auth JWT').logger(log);
 * ```
 */
export function createLogger(name: string, choice: LoggerChoice = {}): Logger {
  return loggerFrom('createLogger()', name, choice);
}

/**
 * Makes a logger for a call that takes options of one.
 *
 * @param where - names the call in errors
 */
export function loggerFrom(where: string, name: string, choice: LoggerChoice = {}): Logger {
  if (typeof choice !== 'object' || choice === null) {
    throw new TypeError(`${where} takes options of pino, as { level: 'debug' }, or a pino logger.`);
  }
  if (isLogger(choice)) return choice;
  refuseUnknownOptions(choice, PINO_OPTIONS, where);
  const options: LoggerOptions = { name, ...choice, ...redaction(choice) };
  if (!process.stdout.isTTY) {
    const own = options.transport !== undefined;
    return redactingChildren(own ? pino(options) : pino(options, new GatheredLines(standardOutput())));
  }
  // Loaded where there is a terminal, and synchronously, because this function is.
  const { PinoPretty } = createRequire(import.meta.url)('pino-pretty') as typeof import('pino-pretty');
  return redactingChildren(
    pino(
      options,
      PinoPretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', ignore: REPEATED }),
    ),
  );
}

/** As pino would take it by itself, but for bytes; its types know of texts alone. */
function standardOutput(): SynchronousStream {
  const destination: unknown = pino.destination({
    dest: process.stdout.fd || 1,
    sync: true,
    contentMode: 'buffer',
  });
  return destination as SynchronousStream;
}

function isLogger(choice: LoggerChoice): choice is Logger {
  return 'child' in choice && typeof choice.child === 'function';
}

/** Options that look through every record, around those of somebody's own: his serializers see what they expect. */
function redaction({ serializers = {}, formatters = {} }: LoggerOptions): LoggerOptions {
  const own = new Set(Object.keys(serializers));
  const { log = (record: Record<string, unknown>) => record } = formatters;
  return {
    formatters: { ...formatters, log: (record) => redacted(log(record), own) },
    serializers: {
      // pino's own takes the record of an error for an error of the type Object.
      err: (record) => record,
      ...Object.fromEntries(
        Object.entries(serializers).map(([name, serialize]): [string, SerializerFn] => [
          name,
          (value) => redactedValue(serialize(value)),
        ]),
      ),
    },
  };
}

/** pino has no hook for the bindings of a child. A child inherits this method, so its own children have it too. */
function redactingChildren(log: Logger): Logger {
  const { child } = log;
  log.child = function redactingChild(this: Logger, bindings, options) {
    return child.call(this, redacted(bindings), options) as never;
  };
  return log;
}
