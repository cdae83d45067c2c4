/** Asks for a secret on the terminal, where it is not shown. */
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { printable } from '../output/escaping.js';

/** What was typed, or pasted, before it was asked for: the answers to the next questions. */
const ahead: string[] = [];

/**
 * Asks for one line. The question goes to standard error: standard output may be a pipe.
 *
 * @param none what is thrown where there is no terminal, or nothing is typed.
 * @throws Failure with exit code 130 when the prompt is left by Ctrl-C.
 */
export async function askHidden(
  question: string,
  none: { readonly noTerminal: Failure; readonly noAnswer: Failure },
): Promise<string> {
  const early = ahead.shift();
  if (early !== undefined) {
    process.stderr.write(`${printable(question)}\n`);
    return early;
  }
  const terminal = terminalInput();
  if (terminal === undefined) throw none.noTerminal;
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: terminal, output: unseen, terminal: true, historySize: 0 });
  // Only now: what is typed at once is not shown either.
  process.stderr.write(printable(question));
  try {
    return await new Promise<string>((resolve, reject) => {
      reader.on('SIGINT', () => reject(new Failure(EXIT.interrupted, 'Interrupted at the prompt.')));
      reader.on('close', () => reject(none.noAnswer));
      reader.once('line', (line) => {
        // Two lines pasted at once arrive together, and this reader is closed before the second is asked for.
        reader.on('line', (next) => ahead.push(next));
        resolve(line);
      });
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
