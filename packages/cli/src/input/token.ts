/** The TOKEN argument: the text itself, `@FILE`, or `-` for standard input. */
import { inspect } from '@tokenwright/jwt/inspect';
import { usage } from '../failure.js';
import { readBoundedFile, readBoundedStdin } from './bounded-reading.js';
import { forgottenAt } from './forgotten-at.js';
import { textOf } from './text.js';
import { tokenFromJson } from './token-response.js';

/** How the argument is described in every command's help. */
export const TOKEN_HELP = 'the token: TEXT, @FILE, or - for standard input (also when left out)';

/**
 * Reads the token. Blanks and quotes around it and a `Bearer ` before it are left out, because that is how tokens come
 * out of logs, JSON and headers. Of a token response, and of what `issue --json` prints, its token is taken. Nothing inside
 * it is mended.
 *
 * @throws Failure when there is nothing to read from, the reading fails, or there is JSON without a token.
 */
export async function readToken(argument: string | undefined): Promise<string> {
  if (argument !== undefined && !isStdin(argument)) {
    return argument.startsWith('@') ? bare(await fromFile(argument.slice(1))) : given(argument);
  }
  if (argument === undefined && process.stdin.isTTY) {
    throw usage('There is no token.', 'Give it as an argument, as @FILE, or through a pipe.');
  }
  return bare(textOf(await readBoundedStdin()));
}

/** Whether the argument has the token read from standard input, so that nothing else can be. */
export function isStdin(argument: string | undefined): boolean {
  return argument === undefined || argument === '-';
}

async function fromFile(path: string): Promise<string> {
  return textOf((await readBoundedFile(path, 'token file')).bytes);
}

async function given(argument: string): Promise<string> {
  const token = bare(argument);
  if (inspect(token).kind !== 'malformed') return token;
  const fix = await forgottenAt(argument);
  if (fix === undefined) return token;
  throw usage('What was given is no token.', fix);
}

function bare(text: string): string {
  return tokenFromJson(unquoted(unquoted(text).replace(/^(?:authorization:\s*)?bearer\s+/i, '')));
}

function unquoted(text: string): string {
  const trimmed = text.trim();
  return (/^(["'`])(.*)\1$/s.exec(trimmed)?.[2] ?? trimmed).trim();
}
