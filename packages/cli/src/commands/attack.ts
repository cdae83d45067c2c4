/** `tokenwright attack`: sends named bad tokens to a service of one's own and judges its answers. */
import type { Key } from '@tokenwright/jwt';
import type { Command } from 'commander';
import type { Forge } from '../attack/forge.js';
import type { AttackRun, Target } from '../attack/run.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { Failure, unreachable, usage } from '../failure.js';
import { KEY_HELP, readKey } from '../input/key.js';
import { method } from '../input/method.js';
import { isStdin, readToken } from '../input/token.js';
import { checkWritable, writeNewFile } from '../output/new-file.js';
import { complain, printJson } from '../output/terminal.js';

interface AttackOptions {
  readonly token?: string;
  readonly key?: string;
  readonly alg?: string;
  readonly method: string;
  readonly ca?: string;
  readonly junit?: string;
  readonly strict?: true;
  readonly iOwnThis?: true;
  readonly json?: true;
}

const AFTER_HELP = `
It begins with a good token, which must be accepted, and sends some sixty bad ones made of it. With --key, the key that
signs, it also makes bad tokens with good signatures: expired, of other issuers, for other audiences, and those of
@tokenwright/jwt/testing; a public key is enough to try it as a secret. Tokens that name an address point to one on this
machine, where the attacker's key lies, and a call there is a fault. A fault is an attack that succeeds, breaks the service or makes it tell too much; a weakness
is an answer that standards do not ask for.

Only this machine is attacked, unless --i-own-this says that the other one is yours.

Examples:
  $ tokenwright attack http://127.0.0.1:5050/echo --token @token.txt --key @private.jwk
  $ tokenwright attack https://localhost:5000/secure/jwt/hello --ca ca.pem --token @token.txt --key hex:@key.hex --junit report.xml

Exit codes: 0 no faults, 1 faults, 2 usage, 4 the service cannot be reached, or takes no more requests.`;

/** Gives the command its options, examples and action. */
export function defineAttack(command: Command): void {
  command
    .description('Sends bad tokens to a service of your own and judges its answers.')
    .argument('<url>', 'the route to attack; it must ask for a bearer token')
    .option('--token <token>', 'a good token: TEXT, @FILE, or - for standard input (also when left out)')
    .option('--key <key>', `the key that signs, for attacks that need one: ${KEY_HELP}`)
    .option('--alg <algorithm>', "its algorithm (default: the key's own)")
    .option('--method <method>', 'how the route is called', method, 'GET')
    .option('--ca <file>', 'a certificate authority to trust, as PEM')
    .option('--junit <file>', 'write the results as JUnit XML, too')
    .option('--strict', 'weaknesses count as faults')
    .option('--i-own-this', 'attack another machine than this one')
    .option('--json', 'print JSON and nothing else')
    .addHelpText('after', AFTER_HELP)
    .action(async (address: string, options: AttackOptions) => {
      process.exitCode = await attack(address, options);
    });
}

async function attack(address: string, options: AttackOptions): Promise<ExitCode> {
  const { isLoopback, readCa, urlFrom } = await import('../network/request.js');
  const url = urlFrom(address, 'The address to attack');
  if (!isLoopback(url) && !options.iOwnThis) {
    throw usage(
      'Only services on this machine are attacked.',
      'Where the other one is yours, say so: --i-own-this',
    );
  }
  if (options.key === '-' && isStdin(options.token)) {
    throw usage('Token and key cannot both come from standard input.', 'Give one of them as @FILE.');
  }
  if (options.junit !== undefined) await checkWritable(options.junit);
  const key = options.key === undefined ? undefined : await readKey(options.key, options.alg);
  const { forgeFrom } = await import('../attack/forge.js');
  const { openLures } = await import('../attack/lures.js');
  const { attackJson, junitXml, printAttackTable } = await import('../output/attack-report.js');
  const { whileWaiting } = await import('../output/progress.js');
  const token = await readToken(options.token);
  const forge = await whileWaiting("making the attacker's keys", forgeFrom(token, key));
  const target = { url, method: options.method, ca: await readCa(options.ca) };
  await checkGoodToken(target, forge);
  const lures = isLoopback(url) ? await openLures(forge.attacker) : undefined;
  const run = await sendAll(target, { ...forge, lures }, key).finally(lures?.close);
  if (options.junit !== undefined) {
    const xml = junitXml(url, run, options.strict === true);
    await writeNewFile(options.junit, xml, { mode: 0o644, force: true });
  }
  if (options.json) printJson(attackJson(url, run));
  else printAttackTable(url, run.results);
  return verdictOn(run, options.strict === true);
}

async function sendAll(target: Target, forge: Forge, key: Key | undefined): Promise<AttackRun> {
  const { attacksWith } = await import('../attack/catalogue.js');
  const { runAttacks } = await import('../attack/run.js');
  const { countingProgress, whileWaiting } = await import('../output/progress.js');
  const attacks = await whileWaiting('making bad tokens', attacksWith(key, forge));
  const progress = countingProgress('attacks');
  return runAttacks(target, attacks, forge, progress.tell).finally(progress.end);
}

/** Says what fails the run. A run that says too little is no clean bill, even where it found nothing. */
async function verdictOn({ results, incomplete }: AttackRun, strict: boolean): Promise<ExitCode> {
  const { countsOf } = await import('../output/attack-report.js');
  const { fault, weak } = countsOf(results);
  const faults = strict ? fault + weak : fault;
  if (incomplete !== undefined) {
    complain(
      `not decided: ${incomplete}.`,
      'Let the route take some two hundred requests in a row, and run it again.',
    );
  }
  if (faults > 0) complain(`${faults} of ${results.length} attacks found a fault.`);
  if (faults > 0) return EXIT.refused;
  return incomplete === undefined ? EXIT.good : EXIT.unreachable;
}

/**
 * @throws Failure when the good token is not accepted, or not once it is signed again with the key: then a refusal of a bad
 * one says nothing.
 */
async function checkGoodToken(target: Target, forge: Forge): Promise<void> {
  const { good, signedAgain } = forge;
  const status = await statusFor(target, good);
  if (status >= 300) {
    throw new Failure(
      EXIT.refused,
      `The good token is not accepted (${status}), and nothing can be judged.`,
      `tokenwright explain TOKEN ${target.url.href} says why.`,
    );
  }
  if (signedAgain === undefined || (await statusFor(target, signedAgain)) < 300) return;
  throw usage(
    'The good token is no longer accepted once it is signed with the key of --key.',
    'Give the key that the service verifies with, and its --alg; or leave --key out.',
  );
}

async function statusFor(target: Target, token: string): Promise<number> {
  const { sendToken } = await import('../attack/run.js');
  const { whileWaiting } = await import('../output/progress.js');
  const { faultOf } = await import('../network/faults.js');
  const asked = whileWaiting(`calling ${target.url.origin}`, sendToken(target, token));
  const { status } = await asked.catch((error: unknown) => {
    const { cause, fix } = faultOf(error);
    throw unreachable(cause, fix);
  });
  return status;
}
