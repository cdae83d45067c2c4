/** The passphrase of an encrypted PEM: from the environment, else asked for on the terminal, where it is not shown. */
import { usage } from '../failure.js';
import { askHidden } from './prompt.js';

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

function ask(question: string, otherwise: string): Promise<string> {
  return askHidden(question, {
    noTerminal: usage(otherwise, `Set the environment variable ${VARIABLE}.`),
    noAnswer: usage('No passphrase was typed.', `Type it, or set ${VARIABLE}.`),
  });
}
