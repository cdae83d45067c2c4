/** `tokenwright cert`: the development certificate of this machine: makes it, shows it, and says how to trust its CA. */
import { X509Certificate } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { unreachable } from '../failure.js';
import { collect } from '../input/repeated.js';
import { printable } from '../output/escaping.js';
import { print, printJson } from '../output/terminal.js';

interface CertOptions {
  readonly dir?: string;
  readonly host?: readonly string[];
  readonly json?: true;
}

const AFTER_HELP = `
The certificate is for development on this machine: localhost, 127.0.0.1 and ::1. Its CA is made here and trusted by
nobody until you say so.

Examples:
  $ tokenwright cert new
  $ tokenwright cert show
  $ curl --cacert "$(tokenwright cert show --json | jq -r .certificateAuthority)" https://localhost:5000/

Exit codes: 0 done, 2 usage, 4 there is none, or a file cannot be read or written.`;

/** Gives the command its subcommands. */
export function defineCert(command: Command): void {
  command.description('Makes and shows the development certificate.').addHelpText('after', AFTER_HELP);
  withFolder(command.command('new'))
    .description('Makes the certificate and its CA, or keeps those that are good.')
    .option('--host <name>', 'a further name or address (repeatable)', collect)
    .action(makeCertificate);
  withFolder(command.command('show'))
    .description('Shows the certificate: names, ends, fingerprints, files.')
    .action(showCertificate);
  withFolder(command.command('trust'))
    .description('Prints how the CA is trusted, program by program. Nothing is changed.')
    .action(printTrust);
}

function withFolder(command: Command): Command {
  return command
    .option('--dir <folder>', 'where it is kept (default: in your data folder)')
    .option('--json', 'print JSON and nothing else');
}

async function makeCertificate({ dir, host, json }: CertOptions): Promise<void> {
  const { createLogger, developmentCertificate } = await import('@tokenwright/server');
  const options = {
    directory: dir === undefined ? dir : resolve(dir),
    ...(host === undefined ? {} : { hosts: host }),
  };
  try {
    const made = await developmentCertificate(options, createLogger('tokenwright', { level: 'silent' }));
    printFacts(await factsOf(dirname(made.certificateAuthority)), json);
  } catch (error) {
    throw certificateFailure(error);
  }
}

async function showCertificate({ dir, json }: CertOptions): Promise<void> {
  printFacts(await factsOf(await existingFolder(dir)), json);
}

async function printTrust({ dir, json }: CertOptions): Promise<void> {
  const ca = join(await existingFolder(dir), 'ca.pem');
  const ways = waysToTrust(ca);
  if (json) return printJson({ certificateAuthority: ca, ways });
  for (const { program, command } of ways) print(`${program}\n  ${printable(command)}`);
}

function waysToTrust(ca: string): readonly { program: string; command: string }[] {
  const file = `"${ca}"`;
  return [
    { program: 'Node.js', command: `export NODE_EXTRA_CA_CERTS=${file}` },
    { program: 'curl', command: `curl --cacert ${file} https://localhost:5000/` },
    {
      program: 'tokenwright',
      command: `tokenwright explain --ca ${file} @token.txt https://localhost:5000/`,
    },
    {
      program: 'macOS, all programs of yours',
      command: `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${file}`,
    },
    {
      program: 'Windows, all programs of yours',
      command: `certutil -user -addstore Root ${file}`,
    },
    {
      program: 'Debian and Ubuntu, all programs',
      command: `sudo cp ${file} /usr/local/share/ca-certificates/tokenwright.crt && sudo update-ca-certificates`,
    },
    {
      program: 'Fedora, all programs',
      command: `sudo trust anchor ${file}`,
    },
    {
      program: 'Firefox and Chromium on Linux',
      command: `certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n tokenwright -i ${file}`,
    },
  ];
}

async function existingFolder(dir: string | undefined): Promise<string> {
  // What is printed is pasted elsewhere, where a relative path would name something else.
  const folder = resolve(dir ?? (await import('@tokenwright/server')).developmentCertificateFolder());
  try {
    await access(join(folder, 'ca.pem'));
    return folder;
  } catch {
    throw unreachable(`There is no development certificate in ${folder}.`, 'Make one: tokenwright cert new');
  }
}

interface Facts {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly key: string;
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly fingerprint: string;
  readonly authorityValidTo: Date;
  readonly authorityFingerprint: string;
}

async function factsOf(folder: string): Promise<Facts> {
  const files = { certificateAuthority: join(folder, 'ca.pem'), certificate: join(folder, 'server.pem') };
  const [ca, server] = await Promise.all([
    certificateIn(files.certificateAuthority),
    certificateIn(files.certificate),
  ]);
  return {
    ...files,
    key: join(folder, 'server.key.pem'),
    names: (server.subjectAltName ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
    validFrom: new Date(server.validFrom),
    validTo: new Date(server.validTo),
    fingerprint: server.fingerprint256,
    authorityValidTo: new Date(ca.validTo),
    authorityFingerprint: ca.fingerprint256,
  };
}

async function certificateIn(path: string): Promise<X509Certificate> {
  try {
    return new X509Certificate(await readFile(path));
  } catch {
    throw unreachable(`The certificate ${path} cannot be read.`, 'Make it anew: tokenwright cert new');
  }
}

function printFacts(facts: Facts, json: true | undefined): void {
  if (json) {
    printJson(facts);
    return;
  }
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  print(`names        ${printable(facts.names.join(', '))}`);
  print(`ends         ${day(facts.validTo)}; its CA ${day(facts.authorityValidTo)}`);
  print(`fingerprint  ${facts.fingerprint}`);
  print(`CA           ${printable(facts.certificateAuthority)}`);
  print(`             ${facts.authorityFingerprint}`);
  print(`certificate  ${printable(facts.certificate)}`);
  print(`key          ${printable(facts.key)}`);
}

function certificateFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'CertificateError') return error;
  return unreachable(error.message, 'Name another folder with --dir.');
}
