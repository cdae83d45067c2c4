/** `tokenwright inspect`: shows what a token says about itself. It verifies nothing, and says so. */
import { inspect } from '@tokenwright/jwt/inspect';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { readToken, TOKEN_HELP } from '../input/token.js';
import { inspectionJson, printInspection } from '../output/inspection.js';
import { complain, printJson } from '../output/terminal.js';

interface InspectOptions {
  readonly decryptKey?: string;
  readonly json?: true;
}

const AFTER_HELP = `
Examples:
  $ tokenwright inspect eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...
  $ tokenwright inspect @token.txt
  $ curl -s -u admin:password https://localhost:5000/token/new | tokenwright inspect
  $ tokenwright inspect --json @token.txt | jq .claims.roles

Exit codes: 0 readable (which is not valid), 1 it cannot be decrypted, 2 usage, 3 malformed or not signed, 4 the file cannot be read.`;

/** Gives the command its options, examples and action. */
export function defineInspect(command: Command): void {
  command
    .description('Shows header, claims and times of a token. Nothing is verified.')
    .argument('[token]', TOKEN_HELP)
    .option('--decrypt-key <key>', 'the key that opens an encrypted token: @FILE, env:NAME, hex:@FILE, …')
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', AFTER_HELP)
    .action(async (token: string | undefined, options: InspectOptions) => {
      process.exitCode = inspectToken(await readOpenedToken(token, options), options);
    });
}

/** The library that decrypts is loaded only where a key is given: without one, the start is what one waits for. */
async function readOpenedToken(
  argument: string | undefined,
  { decryptKey }: InspectOptions,
): Promise<string> {
  if (decryptKey === undefined) return readToken(argument);
  const { openToken } = await import('../input/opened-token.js');
  return openToken(argument, decryptKey);
}

function inspectToken(token: string, { json }: InspectOptions): ExitCode {
  const inspection = inspect(token);
  if (json) printJson(inspectionJson(token, inspection));
  else printInspection(token, inspection, Date.now());
  const [first] = inspection.faults;
  if (first === undefined) return EXIT.good;
  const what = `${first.part === 'token' ? 'it' : `its ${first.part}`} ${first.fault}`;
  complain(
    inspection.kind === 'unsigned'
      ? `The token has no signature: ${what}.`
      : `The token is malformed: ${what}.`,
    'Give the token exactly as it was issued; @FILE reads it from a file.',
  );
  return EXIT.malformed;
}
