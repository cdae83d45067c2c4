/** `tokenwright jwks`: the public parts of keys as a JWK Set (RFC 7517 §5), fit to be published. */
import { importJwks, importKey, type Key } from '@tokenwright/jwt';
import type { Command } from 'commander';
import { usage } from '../failure.js';
import { type GivenKey, KEY_HELP, readGivenKey } from '../input/key.js';
import { printable } from '../output/escaping.js';
import { writeNewFile } from '../output/new-file.js';
import { print, printJson } from '../output/terminal.js';

interface JwksOptions {
  readonly out?: string;
  readonly force?: true;
  readonly json?: true;
}

const AFTER_HELP = `
Examples:
  $ tokenwright jwks @private.jwk
  $ tokenwright jwks @next.jwk @current.pem @old.jwks.json --out jwks.json

Exit codes: 0 done, 2 usage or no usable key, 4 a file cannot be read or written.`;

/** Gives the command its options, examples and action. */
export function defineJwks(command: Command): void {
  command
    .description('Prints the public parts of keys as a JWK Set.')
    .argument('<key...>', KEY_HELP)
    .option('--out <file>', 'write to a file instead of standard output')
    .option('--force', 'replace a file that is there')
    .option('--json', 'print the set, also where it is written to a file')
    .addHelpText('after', AFTER_HELP)
    .action(async (keys: readonly string[], { out, force, json }: JwksOptions) => {
      const set = { keys: await publicKeys(keys) };
      if (out === undefined) return printJson(set);
      await writeNewFile(out, `${JSON.stringify(set, undefined, 2)}\n`, {
        mode: 0o644,
        force: force === true,
      });
      if (json) printJson(set);
      else print(`wrote ${printable(out)}`);
    });
}

async function publicKeys(specifications: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  if (specifications.filter((one) => one === '-').length > 1) {
    throw usage('Only one key can come from standard input.', 'Give the others as @FILE.');
  }
  const byThumbprint = new Map<string, Key>();
  for (const specification of specifications) {
    const given = await readGivenKey(specification);
    for (const key of keysIn(given)) byThumbprint.set(thumbprintOf(key, given), key);
  }
  const keys = [...byThumbprint.values()];
  const ids = new Set(keys.map(({ kid }) => kid));
  if (ids.size < keys.length) {
    throw usage('Two of the keys have one key ID (kid).', 'Give each an ID of its own (RFC 7517 §4.5).');
  }
  return keys.map((key) => key.publicJwk() ?? {});
}

function keysIn({ content }: GivenKey): readonly Key[] {
  return content.form === 'jwks' ? importJwks({ keys: content.keys }) : [importKey(content.source)];
}

/** @throws Failure for a secret: published, it would sign for everybody. */
function thumbprintOf({ thumbprint }: Key, { name }: GivenKey): string {
  if (thumbprint !== undefined) return thumbprint;
  throw usage(
    `${name} is a shared secret, which has no public part.`,
    'Publish asymmetric keys only: tokenwright key new --alg ES256',
  );
}
