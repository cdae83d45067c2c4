/** Turns whatever ended a command into one line on standard error and an exit code. Nobody is shown a stack. */
import { type Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { Failure, usage } from '../failure.js';
import { inOptions } from './option-names.js';
import { complain } from './terminal.js';

/** Says what went wrong. The answer is the exit code. */
export function reportFailure(error: unknown): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.good;
    // A call without a command: commander has shown the help already.
    if (error.code === 'commander.help') return EXIT.usage;
  }
  const failure = failureFrom(error);
  complain(failure.message, failure.fix);
  return failure.exitCode;
}

function failureFrom(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return usageFailure(error);
  if (isCallersMistake(error)) {
    return usage(inOptions(error.hint, error.option), inOptions(error.fix));
  }
  return new Failure(
    EXIT.internal,
    `This is a fault of tokenwright itself (${error instanceof Error ? error.name : typeof error}).`,
    'Please report the command, without the token and the key.',
  );
}

/** Has a call without an option that the command needs answered with an example. */
export function withExample(command: Command, example: string): Command {
  return command.exitOverride((error) => {
    if (error.code !== 'commander.missingMandatoryOptionValue') throw error;
    throw usage(usageFailure(error).message, `For example: ${example}`);
  });
}

/** InvalidKey and InvalidOption, told by their codes so that `inspect` need not load the whole library. */
interface CallersMistake {
  code: 'ERR_KEY_INVALID' | 'ERR_OPTION_INVALID';
  option?: string;
  hint: string;
  fix: string;
}

function isCallersMistake(error: unknown): error is CallersMistake {
  if (!(error instanceof TypeError) || !('code' in error)) return false;
  return error.code === 'ERR_KEY_INVALID' || error.code === 'ERR_OPTION_INVALID';
}

/** What other programs call what this one does, too. */
const OTHER_NAMES: ReadonlyMap<string | undefined, string> = new Map([
  ['build', 'issue'],
  ['decode', 'inspect'],
  ['encode', 'issue'],
  ['sign', 'issue'],
  ['validate', 'verify'],
]);

/** Commander's words, on one line and without what could be a secret typed in the wrong place. */
function usageFailure({ message }: CommanderError): Failure {
  const [first = '', second] = message.replace(/^error: /, '').split('\n');
  const name = OTHER_NAMES.get(/^unknown command '(.*)'$/s.exec(first)?.[1]);
  const fix = name === undefined ? second?.match(/^\((.*)\)$/)?.[1] : `That is tokenwright ${name}.`;
  return usage(`${withoutValues(first)}${first.endsWith('.') ? '' : '.'}`, fix ?? 'See --help.');
}

const LONGEST_ECHO = 24;

function withoutValues(words: string): string {
  const [, kind, given] = /^unknown (option|command) '(.*)'$/s.exec(words) ?? [];
  if (kind === undefined || given === undefined) return words;
  const name =
    kind === 'command' ? given : given.startsWith('--') ? given.replace(/=.*/s, '') : given.slice(0, 2);
  return name.length > LONGEST_ECHO ? `unknown ${kind}` : `unknown ${kind} '${name}'`;
}
