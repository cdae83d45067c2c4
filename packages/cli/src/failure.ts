/** What ends a command: one sentence, the exit code, and what to do. */
import { EXIT, type ExitCode } from './exit-codes.js';

/** A failure that is told in one line. Its message never holds a key or a whole token. */
export class Failure extends Error {
  readonly exitCode: ExitCode;
  readonly fix: string | undefined;

  constructor(exitCode: ExitCode, message: string, fix?: string) {
    super(message);
    this.name = 'Failure';
    this.exitCode = exitCode;
    this.fix = fix;
  }
}

/** The command line is wrong. */
export function usage(message: string, fix?: string): Failure {
  return new Failure(EXIT.usage, message, fix);
}

/** A file or a stream cannot be read. */
export function unreachable(message: string, fix?: string): Failure {
  return new Failure(EXIT.unreachable, message, fix);
}

/** The token is none. */
export function malformed(message: string, fix?: string): Failure {
  return new Failure(EXIT.malformed, message, fix);
}
