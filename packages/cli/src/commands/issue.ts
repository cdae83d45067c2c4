/** `tokenwright issue`: makes a signed token and prints it. */
import { type Duration, JwtBuilder } from '@tokenwright/jwt';
import { type Command, Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { usage } from '../failure.js';
import { collectClaim } from '../input/claim.js';
import { copiedBuilder, type TimeClaim } from '../input/copied-token.js';
import { readEncryptionKey } from '../input/encryption-key.js';
import { collectParameter } from '../input/header-parameter.js';
import { KEY_HELP, readKey } from '../input/key.js';
import { collect } from '../input/repeated.js';
import { duration, pointInTime } from '../input/times.js';
import { withExample } from '../output/failures.js';
import { issuedJson } from '../output/issued.js';
import { print, printJson } from '../output/terminal.js';

interface IssueOptions {
  readonly key: string;
  readonly alg?: string;
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly subject?: string;
  readonly name?: string;
  readonly role?: readonly string[];
  readonly scope?: readonly string[];
  readonly claim: ReadonlyMap<string, unknown>;
  readonly header: ReadonlyMap<string, unknown>;
  readonly from?: string;
  readonly at?: Date;
  readonly encryptKey?: string;
  readonly encryptAlg?: string;
  readonly enc?: string;
  readonly jwtId?: string;
  readonly typ?: string;
  readonly notBefore?: Date;
  readonly validFor?: Duration;
  readonly expiresAt?: Date;
  readonly neverExpires?: true;
  readonly json?: true;
}

const AFTER_HELP = `
Without --valid-for, --expires-at or --never-expires the token is valid for an hour.

Examples:
  $ tokenwright issue --key hex:@key.hex --issuer KestrunApi --audience KestrunClients --subject admin --role admin
  $ tokenwright inspect --json @token.txt | jq '.claims.roles=["admin"]' | tokenwright issue --key hex:@key.hex --from -
  $ tokenwright issue --key @private.pem --alg PS256 --subject admin --claim tier:=3 --claim team=blue --valid-for 10m
  $ JWT_KEY=hex:$(openssl rand -hex 32) tokenwright issue --key env:JWT_KEY --expires-at 2030-01-31T12:00:00Z

Exit codes: 0 issued, 2 usage, 4 a file cannot be read.`;

/** Gives the command its options, examples and action. */
export function defineIssue(command: Command): void {
  withExample(
    command,
    'tokenwright issue --key @private.jwk --issuer KestrunApi --audience KestrunClients --subject admin',
  )
    .description('Makes a signed token and prints it.')
    .requiredOption('--key <key>', KEY_HELP)
    .option('--alg <algorithm>', "the algorithm (default: the key's own)")
    .option('--issuer <issuer>', 'who issues it (iss)')
    .addOption(new Option('--audience <audience>', 'whom it is for (aud, repeatable)').argParser(collect))
    .option('--subject <subject>', 'whom it is about (sub)')
    .option('--name <name>', 'the name of the subject')
    .addOption(new Option('--role <role>', 'a role of the subject (roles, repeatable)').argParser(collect))
    .addOption(
      new Option('--scope <scope>', 'a scope that is granted (scope, repeatable)').argParser(collect),
    )
    .option('--claim <claim>', 'a claim: name=text or name:=JSON (repeatable)', collectClaim, new Map())
    .option(
      '--header <parameter>',
      'a header parameter: name=text or name:=JSON (repeatable)',
      collectParameter,
      new Map(),
    )
    .option('--from <json>', 'take header and claims from JSON: - or @FILE')
    .option('--jwt-id <id>', 'its ID (jti; default: random)')
    .option('--typ <type>', 'its type (default: JWT)')
    .option(
      '--not-before <time>',
      'when it begins (nbf): +5m, 2030-01-31T12:00:00Z',
      pointInTime('--not-before'),
    )
    .addOption(
      new Option('--valid-for <duration>', 'how long it is valid: 90s, 15m, 1h, 7d')
        .argParser(duration('--valid-for'))
        .conflicts(['expiresAt', 'neverExpires']),
    )
    .addOption(
      new Option('--expires-at <time>', 'when it ends (exp): +2h, 2030-01-31T12:00:00Z')
        .argParser(pointInTime('--expires-at'))
        .conflicts('neverExpires'),
    )
    .option('--never-expires', 'give it no end')
    .option('--at <time>', 'when it is issued (iat; default: now)', pointInTime('--at'))
    .option('--encrypt-key <key>', 'encrypt it for this key, after it was signed')
    .option('--encrypt-alg <algorithm>', "how its key is managed (default: the key's own)")
    .option('--enc <algorithm>', 'how its content is encrypted (default: A256GCM)')
    .option('--json', 'print JSON: token, header, claims and times')
    .addHelpText('after', AFTER_HELP)
    .action(async (options: IssueOptions) => {
      process.exitCode = await issueToken(options);
    });
}

async function issueToken(options: IssueOptions): Promise<ExitCode> {
  checkClaims(options);
  checkStdin(options);
  const key = await readKey(options.key, options.alg);
  const start = await startingBuilder(options);
  const signed = withTimes(withClaims(start.signWith(key), options), options);
  const issued = await (await withEncryption(signed, options)).build();
  if (options.json) printJson(issuedJson(issued));
  else print(issued.token);
  return EXIT.good;
}

/** @throws Failure for a claim that is set in two ways, for only one of them could win. */
function checkClaims({ name, role, scope, claim }: IssueOptions): void {
  for (const [claimName, option, value] of [
    ['name', '--name', name],
    ['roles', '--role', role],
    ['scope', '--scope', scope],
  ] as const) {
    if (value === undefined || !claim.has(claimName)) continue;
    throw usage(`${option} and --claim both set ${claimName}.`, 'Leave one of them out.');
  }
}

/** @throws Failure where two things would have to come from standard input. */
function checkStdin({ key, from, encryptKey }: IssueOptions): void {
  if ([key, from, encryptKey].filter((source) => source === '-').length < 2) return;
  throw usage('Only one of key and claims can come from standard input.', 'Give the others as @FILE.');
}

/** A lifetime begins now, whenever the copied token was issued. */
async function startingBuilder(options: IssueOptions): Promise<JwtBuilder> {
  const { from, at, validFor, expiresAt, neverExpires, notBefore } = options;
  const replaced: TimeClaim[] = [];
  if (validFor !== undefined || expiresAt !== undefined || neverExpires) replaced.push('exp');
  if (validFor !== undefined || at !== undefined) replaced.push('iat');
  if (notBefore !== undefined) replaced.push('nbf');
  const jwt = from === undefined ? new JwtBuilder() : await copiedBuilder(from, replaced);
  return at === undefined ? jwt : jwt.clock(() => at.getTime());
}

async function withEncryption(jwt: JwtBuilder, options: IssueOptions): Promise<JwtBuilder> {
  const { encryptKey, encryptAlg: alg, enc } = options;
  if (encryptKey !== undefined) return jwt.encryptWith(await readEncryptionKey(encryptKey, { alg, enc }));
  if (alg === undefined && enc === undefined) return jwt;
  throw usage(
    '--encrypt-alg and --enc need the key to encrypt for.',
    'Give it with --encrypt-key, or leave them out.',
  );
}

function withClaims(builder: JwtBuilder, options: IssueOptions): JwtBuilder {
  const { issuer, audience, subject, name, role, scope, jwtId, typ, claim } = options;
  let jwt = builder;
  if (issuer !== undefined) jwt = jwt.issuer(issuer);
  if (audience !== undefined) jwt = jwt.audience(...(audience as [string, ...string[]]));
  if (subject !== undefined) jwt = jwt.subject(subject);
  if (name !== undefined) jwt = jwt.name(name);
  if (role !== undefined) jwt = jwt.roles(...role);
  if (scope !== undefined) jwt = jwt.scopes(...scope);
  if (jwtId !== undefined) jwt = jwt.jwtId(jwtId);
  if (typ !== undefined) jwt = jwt.typ(typ);
  for (const [claimName, value] of claim) jwt = jwt.claim(claimName, value);
  for (const [parameter, value] of options.header) jwt = jwt.protectedHeader(parameter, value);
  return jwt;
}

function withTimes(builder: JwtBuilder, options: IssueOptions): JwtBuilder {
  const { notBefore, validFor, expiresAt, neverExpires } = options;
  let jwt = builder;
  if (notBefore !== undefined) jwt = jwt.notBefore(notBefore);
  if (validFor !== undefined) jwt = jwt.validFor(validFor);
  if (expiresAt !== undefined) jwt = jwt.expiresAt(expiresAt);
  if (neverExpires) jwt = jwt.neverExpires();
  return jwt;
}
