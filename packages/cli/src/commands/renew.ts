/** `tokenwright renew`: checks a token and issues it again with new times and another ID. */
import {
  type Duration,
  type EncryptionKey,
  explain,
  JOSEError,
  JwtBuilder,
  type RefusedToken,
} from '@tokenwright/jwt';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { usage } from '../failure.js';
import { readEncryptionKey } from '../input/encryption-key.js';
import { inexactNumbers } from '../input/exact-json.js';
import { KEY_HELP, readKey } from '../input/key.js';
import { signedIn } from '../input/opened-token.js';
import { collect } from '../input/repeated.js';
import { duration } from '../input/times.js';
import { isStdin, readToken, TOKEN_HELP } from '../input/token.js';
import { withExample } from '../output/failures.js';
import { issuedJson } from '../output/issued.js';
import { inOptions } from '../output/option-names.js';
import { complain, print, printJson } from '../output/terminal.js';
import { tellVerdict } from '../output/verdict.js';

interface RenewOptions {
  readonly key: string;
  readonly alg?: string;
  readonly decryptKey?: string;
  readonly issuer: string;
  readonly audience: readonly [string, ...string[]];
  readonly typ?: string;
  readonly validFor?: Duration;
  readonly maxSession?: Duration;
  readonly json?: true;
}

const AFTER_HELP = `
Everything but the times and the ID stays as it is. A token that \`verify\` would refuse is not renewed, and none is
renewed beyond its session: --max-session after its auth_time.

Examples:
  $ tokenwright renew --key @private.jwk --issuer KestrunApi --audience KestrunClients @token.txt
  $ tokenwright renew --key env:JWT_KEY --issuer KestrunApi --audience KestrunClients --valid-for 15m --max-session 8h < token.txt

Exit codes: 0 renewed, 1 refused, 2 usage, 3 malformed token, 4 a file cannot be read.`;

/** Gives the command its options, examples and action. */
export function defineRenew(command: Command): void {
  withExample(
    command,
    'tokenwright renew --key @private.jwk --issuer KestrunApi --audience KestrunClients @token.txt',
  )
    .description('Checks a token and issues it again with new times.')
    .argument('[token]', TOKEN_HELP)
    .requiredOption('--key <key>', `the key it was signed with: ${KEY_HELP}`)
    .option('--alg <algorithm>', "the algorithm (default: the key's own)")
    .option('--decrypt-key <key>', 'the key it is encrypted with, and will be again')
    .requiredOption('--issuer <issuer>', 'the issuer it must have')
    .addOption(
      new Option('--audience <audience>', 'an audience, one of which it must have (repeatable)')
        .argParser(collect)
        .makeOptionMandatory(),
    )
    .option('--typ <type>', 'the type it must have (default: JWT)')
    .option(
      '--valid-for <duration>',
      'how long the new one is valid: 90s, 15m, 1h (default: 1h)',
      duration('--valid-for'),
    )
    .option(
      '--max-session <duration>',
      'how long after auth_time the last one ends (default: 12h)',
      duration('--max-session'),
    )
    .option('--json', 'print JSON: token, header, claims and times')
    .addHelpText('after', AFTER_HELP)
    .action(async (token: string | undefined, options: RenewOptions) => {
      process.exitCode = await renewToken(token, options);
    });
}

async function renewToken(argument: string | undefined, options: RenewOptions): Promise<ExitCode> {
  const { json, validFor, maxSession } = options;
  if (options.key === '-' && isStdin(argument)) {
    throw usage('Token and key cannot both come from standard input.', 'Give one of them as @FILE.');
  }
  const decryptionKey =
    options.decryptKey === undefined ? undefined : await readEncryptionKey(options.decryptKey);
  const builder = await builderFor(options, decryptionKey);
  const token = await readToken(argument);
  const report = await explain(token, builder.validator());
  if (!report.accepted) return tellVerdict(token, report, { withFix: true });
  const signed = decryptionKey === undefined ? token : await signedIn(token, decryptionKey);
  const [, payload = ''] = signed.split('.');
  if (inexactNumbers(Buffer.from(payload, 'base64url').toString()).length > 0) {
    complain(
      'refused: A number in the token has more digits than stay exact, and a renewal would change it.',
      'Get a new token from its issuer.',
    );
    return EXIT.refused;
  }
  try {
    const issued = await builder.renew(token, {
      ...(validFor === undefined ? {} : { validFor }),
      ...(maxSession === undefined ? {} : { maxSession }),
    });
    if (json) printJson(issuedJson(issued));
    else print(issued.token);
    return EXIT.good;
  } catch (error) {
    if (!(error instanceof JOSEError)) throw error;
    const { hint, fix } = error as RefusedToken;
    complain(`refused: ${inOptions(hint)}`, inOptions(fix));
    return EXIT.refused;
  }
}

async function builderFor(
  { key, alg, issuer, audience, typ }: RenewOptions,
  decryptionKey: EncryptionKey | undefined,
): Promise<JwtBuilder> {
  const jwt = new JwtBuilder()
    .signWith(await readKey(key, alg))
    .issuer(issuer)
    .audience(...audience);
  const typed = typ === undefined ? jwt : jwt.typ(typ);
  return decryptionKey === undefined ? typed : typed.encryptWith(decryptionKey);
}
