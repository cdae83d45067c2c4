/** What the log has of an error: bounded, and never what hangs on it. */
import { isSchemeError } from '@tokenwright/auth';
import { isError, member } from './thrown.js';

/** An error, as plain values. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

/** How many causes are followed. */
const MOST_CAUSES = 5;

/** Name, message, code and stack alone: some libraries hang a token's claims on their errors as properties. */
export function errorRecord(error: unknown): ErrorRecord {
  if (!isError(error)) return { type: typeof error, message: 'something else than an Error was thrown' };
  return recordOf(error, new Set(), isSchemeError(error) ? UNSAID : undefined);
}

/** Instead of the messages of a scheme's error, which may hold the credential that was looked at. */
const UNSAID = 'a scheme threw this; its message is not logged';

/** @param unsaid stands for every message, where none may be logged. */
function recordOf(error: Error, seen: Set<Error>, unsaid: string | undefined): ErrorRecord {
  seen.add(error);
  const [name, message, code, stack, cause] = ['name', 'message', 'code', 'stack', 'cause'].map((key) =>
    member(error, key),
  );
  const follow = isError(cause) && !seen.has(cause) && seen.size <= MOST_CAUSES;
  const said = typeof message === 'string' ? message : 'the message cannot be read';
  const trace = typeof stack === 'string' ? stack : '';
  const type = typeof name === 'string' ? name : 'Error';
  return Object.assign(withName(type), {
    type,
    message: unsaid ?? said,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(trace === '' ? {} : { stack: unsaid === undefined ? trace : framesOf(trace, said) }),
    ...(follow ? { cause: recordOf(cause, seen, unsaid) } : {}),
  });
}

/** pino's serializer of errors writes the name of the constructor as their type, and asks for a name where there is none. */
function withName(name: string): object {
  return Object.create(null, { name: { value: name } }) as object;
}

/** One line that V8 writes for a call: where it was, and no words of anybody's. */
const FRAME = /^ {4}at .*(?::\d+:\d+\)?|\((?:native|<anonymous>|index \d+)\)|<anonymous>)$/;

/** The frames behind the message, which begins the stack and may have any lines itself. */
function framesOf(stack: string, message: string): string {
  const begins = message === '' ? -1 : stack.lastIndexOf(message);
  const lines = (begins === -1 ? stack : stack.slice(begins + message.length)).split('\n');
  const words = lines.findLastIndex((line) => !FRAME.test(line));
  return lines.slice(words + 1).join('\n');
}
