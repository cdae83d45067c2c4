/** `tokenwright verify`: checks a token with a key, an issuer and an audience, and reports every check. */
import { explain } from '@tokenwright/jwt';
import type { Command } from 'commander';
import type { ExitCode } from '../exit-codes.js';
import { readToken, TOKEN_HELP } from '../input/token.js';
import { type ValidationOptions, validationFor, withValidationOptions } from '../input/validation.js';
import { printChecklist } from '../output/checklist.js';
import { print, printJson, styled } from '../output/terminal.js';
import { tellVerdict, verdictJson } from '../output/verdict.js';

interface VerifyOptions extends ValidationOptions {
  readonly json?: true;
}

const AFTER_HELP = `
Issuer and audience are required, or waived by name: whoever does not ask accepts a token made for somebody else.

Examples:
  $ tokenwright verify --key @public.pem --issuer KestrunApi --audience KestrunClients @token.txt
  $ tokenwright verify --key hex:@key.hex --alg HS256 --issuer KestrunApi --any-audience @token.txt
  $ tokenwright verify --key https://issuer.example/jwks.json --issuer https://issuer.example --audience api @token.txt
  $ tokenwright verify --issuer https://issuer.example --audience api @token.txt
  $ pbpaste | tokenwright verify --key env:JWT_KEY --issuer KestrunApi --audience KestrunClients --json

Exit codes: 0 accepted, 1 refused, 2 usage, 3 malformed token, 4 a file cannot be read or keys cannot be fetched.`;

/** Gives the command its options, examples and action. */
export function defineVerify(command: Command): void {
  withValidationOptions(command)
    .description('Checks a token and reports every check.')
    .argument('[token]', TOKEN_HELP)
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', AFTER_HELP)
    .action(async (token: string | undefined, options: VerifyOptions) => {
      process.exitCode = await verifyToken(token, options);
    });
}

async function verifyToken(argument: string | undefined, options: VerifyOptions): Promise<ExitCode> {
  // One moment for the report and for the verdict: they never disagree about the time.
  const validation = await validationFor(options, argument, Date.now());
  const token = await readToken(argument);
  const report = await explain(token, validation.validator);
  if (options.json) printJson(await verdictJson(token, validation, report));
  else printChecklist(report);
  if (report.accepted && !options.json) print(styled(['bold', 'green'], 'accepted'));
  return tellVerdict(token, report);
}
