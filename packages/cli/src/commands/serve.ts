/** `tokenwright serve`: a development issuer with a protected echo, on loopback. */
import { type Duration, generateKey, type SignatureAlgorithmName } from '@tokenwright/jwt';
import type { Command } from 'commander';
import { unreachable, usage } from '../failure.js';
import { KEY_HELP, readKey } from '../input/key.js';
import { duration } from '../input/times.js';
import { printable } from '../output/escaping.js';
import { whileWaiting } from '../output/progress.js';
import { print, printJson } from '../output/terminal.js';

interface ServeOptions {
  readonly port: number;
  readonly tls?: true;
  readonly key?: string;
  readonly alg?: SignatureAlgorithmName;
  readonly issuer?: string;
  readonly audience: string;
  readonly validFor: Duration;
  readonly users?: string;
  readonly json?: true;
}

const AFTER_HELP = `
Everything is on this machine alone. Without --users there is one user, admin, with a password made for this run; without
--key there is a new key, and the tokens of an earlier run are no longer accepted.

Examples:
  $ tokenwright serve
  $ tokenwright serve --port 4000 --users users.json --key @private.jwk --audience api
  $ curl -s -u admin:PASSWORD http://127.0.0.1:5050/token | tokenwright verify --issuer http://127.0.0.1:5050 --audience api

A users file: { "ada": { "password": "…", "roles": ["admin"], "scopes": ["read"], "claims": { "tier": 3 } } }

Exit codes: 0 stopped, 2 usage, 4 a file cannot be read or the port cannot be had.`;

/** Gives the command its options, examples and action. */
export function defineServe(command: Command): void {
  command
    .description('Runs an issuer for development: tokens, JWKS, metadata and a protected echo.')
    .option('--port <port>', 'the port; 0 for any free one', portNumber, 5050)
    .option('--tls', 'https, with the development certificate (see tokenwright cert)')
    .option('--key <key>', `what signs (default: a new key): ${KEY_HELP}`)
    .option('--alg <algorithm>', "the algorithm (default: the key's own; ES256 for a new one)")
    .option('--issuer <issuer>', 'the issuer it names itself (default: its URL)')
    .option('--audience <audience>', 'whom its tokens are for', 'api')
    .option('--valid-for <duration>', 'how long they are valid', duration('--valid-for'), '1h')
    .option('--users <file>', 'who may have tokens, as JSON')
    .option('--json', 'print JSON, on one line, once it listens')
    .addHelpText('after', AFTER_HELP)
    .action(serve);
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw usage('--port is no port.', 'Give a number from 0 (any free one) to 65535.');
}

async function serve(options: ServeOptions): Promise<void> {
  const { port, tls, key, alg, issuer, audience, validFor, users } = options;
  const signing =
    key === undefined
      ? await whileWaiting('making the key', generateKey(alg ?? 'ES256'))
      : await readKey(key, alg);
  if (!signing.canSign || signing.isSecret) {
    throw usage(
      signing.isSecret
        ? 'A shared secret cannot be published in a JWKS.'
        : 'The key is a public key, which cannot sign.',
      'Give a private key: tokenwright key new --alg ES256 --out private.jwk',
    );
  }
  const { madeUser, usersFromFile } = await import('../serve/users.js');
  const { startIssuer } = await import('../serve/issuer.js');
  const hashing = users === undefined ? madeUser() : usersFromFile(users);
  const { map, made } = await whileWaiting('hashing passwords', hashing);
  const started = await startIssuer({
    ...{ port, tls: tls === true, key: signing, issuer, audience, validFor, users: map },
  }).catch((error: unknown) => {
    throw error instanceof Error && error.name === 'ListenError' ? unreachable(error.message) : error;
  });
  const { url, certificate } = started.running;
  const facts = {
    issuer: started.issuer,
    token: `${url}/token`,
    jwks: `${url}/.well-known/jwks.json`,
    metadata: `${url}/.well-known/openid-configuration`,
    echo: `${url}/echo`,
    lab: `${url}/`,
    audience,
    certificateAuthority: certificate?.certificateAuthority ?? null,
    user: made ?? null,
  };
  if (options.json) return printJson(facts, 'line');
  for (const name of ['issuer', 'token', 'jwks', 'metadata', 'echo', 'lab', 'audience'] as const) {
    print(`${name.padEnd(9)} ${printable(facts[name])}`);
  }
  if (certificate !== undefined) print(`CA        ${printable(certificate.certificateAuthority)}`);
  if (made !== undefined) print(`user      ${made.name}, password ${made.password} (for this run)`);
  print('Ctrl-C stops.');
}
