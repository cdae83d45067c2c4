/** `tokenwright explain`: why a token is refused, what would change that, and which side of a 401 is wrong. */
import { type Duration, explain } from '@tokenwright/jwt';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { usage } from '../failure.js';
import { method } from '../input/method.js';
import { pointInTime, secondsOf } from '../input/times.js';
import { readToken, TOKEN_HELP } from '../input/token.js';
import { isUrl, type ValidationOptions, validationFor, withValidationOptions } from '../input/validation.js';
import { printChecklist } from '../output/checklist.js';
import { printRemedies, remediesFor } from '../output/remedies.js';
import { print, printJson, styled } from '../output/terminal.js';
import { tellVerdict, verdictJson } from '../output/verdict.js';

/** The options of the command. */
export interface ExplainOptions extends ValidationOptions {
  readonly tolerance?: Duration;
  readonly at?: Date;
  readonly method: string;
  readonly json?: true;
}

const AFTER_HELP = `
Any option is a what-if: --at +2h asks about two hours from now, --audience, --tolerance and --key about others.
With a URL the service is called with the token, its answer is read, and the wrong side named: the token, the service, the
clocks, the certificate or the request. --key, --issuer and --audience, where you know them, say more.

Examples:
  $ tokenwright explain --key @public.jwk --issuer KestrunApi --audience KestrunClients @token.txt
  $ tokenwright explain --key @public.jwk --issuer KestrunApi --audience OtherClients --at +2h @token.txt
  $ tokenwright explain --ca ca.pem @token.txt https://localhost:5000/secure/jwt/hello

Exit codes: 0 accepted, 1 refused, 2 usage, 3 malformed token, 4 a file or the service cannot be reached.`;

/** Gives the command its options, examples and action. */
export function defineExplain(command: Command): void {
  withValidationOptions(command)
    .description('Explains every check of a token, or the answer of a service to it.')
    .argument('[token]', TOKEN_HELP)
    .argument('[url]', 'the service to call with the token')
    .option('--at <time>', 'the moment to decide for: +2h, -5m, 2030-01-31T12:00:00Z', pointInTime('--at'))
    .option('--method <method>', 'how the service is called', method, 'GET')
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', AFTER_HELP)
    .action(async (first: string | undefined, second: string | undefined, options: ExplainOptions) => {
      if (second !== undefined && first !== undefined && isUrl(first)) {
        throw usage(
          'The token comes first, and the address of the service after it.',
          'Write tokenwright explain @token.txt URL; without a token it is read from standard input.',
        );
      }
      // A URL alone: the token comes through the pipe.
      const [token, url] =
        second === undefined && first !== undefined && isUrl(first) ? [undefined, first] : [first, second];
      process.exitCode =
        url === undefined ? await explainToken(token, options) : await explainAnswer(token, url, options);
    });
}

async function explainToken(argument: string | undefined, options: ExplainOptions): Promise<ExitCode> {
  const now = options.at?.getTime() ?? Date.now();
  const validation = await validationFor(options, argument, now);
  const token = await readToken(argument);
  const report = await explain(token, validation.validator);
  const remedies = await remediesFor(token, validation.validator, report);
  if (options.json) {
    printJson({ ...(await verdictJson(token, validation, report)), at: new Date(now), whatIf: remedies });
  } else {
    printChecklist(report, { everyFix: true });
    printRemedies(remedies);
    if (report.accepted) print(styled(['bold', 'green'], 'accepted'));
  }
  return tellVerdict(token, report);
}

/** What decides offline has a key, an issuer and an audience; a call may have any of them, or none. */
async function explainAnswer(
  argument: string | undefined,
  address: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  if (options.at !== undefined) {
    throw usage('--at does not go with a URL: a service decides by its own clock.', 'Leave one of them out.');
  }
  const { callService } = await import('../service/call.js');
  const { judge } = await import('../service/judgement.js');
  const { knowledgeFrom, reportOn } = await import('../service/knowledge.js');
  const { judgementJson, printJudgement } = await import('../output/judgement.js');
  const { urlFrom } = await import('../network/request.js');
  const url = urlFrom(address, 'The address of the service');
  const knowledge = await knowledgeFrom(options, argument, Date.now());
  const token = await readToken(argument);
  const call = await callService(url, token, { method: options.method, ca: options.ca });
  const report = knowledge && (await reportOn(token, knowledge));
  const judgement = judge(token, call, report, secondsOf(options.tolerance ?? DEFAULT_TOLERANCE));
  if (options.json) printJson(judgementJson(call, judgement));
  else printJudgement(call, judgement);
  if (judgement.side === 'network' || judgement.side === 'certificate') return EXIT.unreachable;
  return judgement.side === 'none' ? EXIT.good : EXIT.refused;
}

/** What validators allow by default. */
const DEFAULT_TOLERANCE: Duration = '60s';
