/** The passphrase of an encrypted PEM: from the environment, else asked for on the terminal, where it is not shown. */
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { EXIT } from '../exit-codes.js';
import { Failure, usage } from '../failure.js';
import { printable } from '../output/escaping.js';

/** The variable that holds it where nobody can be asked. */
const VARIABLE = 'TOKENWRIGHT_PASSPHRASE';

/**
 * The passphrase that opens a key.
 *
 * @param name what it opens, as the beginning of a sentence.
 * @throws Failure when there is no variable and no terminal, or the prompt is left.
 */
export async function readPassphrase(name: string): Promise<string> {
  const given = process.env[VARIABLE] ?? '';
  if (given !== '') return given;
  return ask(
    `${name} is encrypted. Passphrase: `,
    `${name} is encrypted, and there is no terminal to ask at.`,
  );
}

/** A passphrase for a key that is to be written: asked for twice. @throws Failure when the two differ. */
export async function newPassphrase(): Promise<string> {
  const given = process.env[VARIABLE] ?? '';
  if (given !== '') return given;
  const first = await ask('New passphrase: ', 'There is no terminal to ask for a passphrase at.');
  if (first === '') throw usage('The passphrase is empty.', 'Type one, or leave --encrypt out.');
  const second = await ask('The same again: ', 'There is no terminal to ask for a passphrase at.');
  if (first === second) return first;
  throw usage('The two passphrases differ.', 'Type the same twice.');
}

/** Asks without showing what is typed. The question goes to standard error: standard output may be a pipe. */
async function ask(question: string, otherwise: string): Promise<string> {
  const terminal = terminalInput();
  if (terminal === undefined) throw usage(otherwise, `Set the environment variable ${VARIABLE}.`);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: terminal, output: unseen, terminal: true, historySize: 0 });
  // Only now: what is typed at once is not shown either.
  process.stderr.write(printable(question));
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.on('SIGINT', () => reject(new Failure(EXIT.interrupted, 'Interrupted at the prompt.')));
      reader.on('close', () => reject(usage('No passphrase was typed.', `Type it, or set ${VARIABLE}.`)));
      reader.on('line', resolve);
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
    if (terminal === process.stdin) terminal.pause();
    else terminal.destroy();
  }
}

/** Standard input where it is a terminal; else the terminal of the process, for a token may come through the pipe. */
function terminalInput(): ReadStream | undefined {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync(process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty', 'r+'));
  } catch {
    return undefined;
  }
}
