/** The commander set-up: the list of commands, of which only the one that is called gets loaded. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { reportFailure } from './output/failures.js';
import { guardStreams } from './output/terminal.js';

/** A command as the list knows it. */
interface Entry {
  readonly summary: string;
  /** Gives the command its arguments, options, examples and action. */
  readonly define: (command: Command) => Promise<void>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  inspect: {
    summary: 'show what a token says, without checking it',
    define: async (command) => (await import('./commands/inspect.js')).defineInspect(command),
  },
  verify: {
    summary: 'check a token and report every check',
    define: async (command) => (await import('./commands/verify.js')).defineVerify(command),
  },
  issue: {
    summary: 'make a signed token',
    define: async (command) => (await import('./commands/issue.js')).defineIssue(command),
  },
  renew: {
    summary: 'check a token and issue it again with new times',
    define: async (command) => (await import('./commands/renew.js')).defineRenew(command),
  },
  explain: {
    summary: 'explain every check of a token, or the answer of a service to it',
    define: async (command) => (await import('./commands/explain.js')).defineExplain(command),
  },
  key: {
    summary: 'make keys, convert them, tell their thumbprints',
    define: async (command) => (await import('./commands/key.js')).defineKey(command),
  },
  jwks: {
    summary: 'print the public parts of keys as a JWK Set',
    define: async (command) => (await import('./commands/jwks.js')).defineJwks(command),
  },
  attack: {
    summary: 'send bad tokens to a service of your own and judge its answers',
    define: async (command) => (await import('./commands/attack.js')).defineAttack(command),
  },
  serve: {
    summary: 'run a development issuer with a protected echo',
    define: async (command) => (await import('./commands/serve.js')).defineServe(command),
  },
  cert: {
    summary: 'make and show the development certificate',
    define: async (command) => (await import('./commands/cert.js')).defineCert(command),
  },
  completion: {
    summary: 'print a completion script for bash, zsh or fish',
    define: async (command) =>
      (await import('./commands/completion.js')).defineCompletion(command, () =>
        programWith(Object.keys(COMMANDS)),
      ),
  },
};

const AFTER_HELP = `
Examples:
  $ tokenwright inspect @token.txt
  $ tokenwright verify --key @public.pem --issuer KestrunApi --audience KestrunClients @token.txt
  $ tokenwright issue --key text:env:JWT_KEY --issuer KestrunApi --audience KestrunClients --subject admin

Exit codes:
  0 good   1 refused   2 usage   3 malformed token   4 file or network`;

/** Runs the program and leaves its answer in `process.exitCode`. @param args the arguments after the program's name. */
export async function run(args: readonly string[]): Promise<void> {
  guardStreams();
  try {
    const program = await programWith(args);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFailure(error);
  }
}

/** The program, with those commands defined whose names are among the words. */
async function programWith(words: readonly string[]): Promise<Command> {
  const program = new Command('tokenwright')
    .description('Reads, makes and checks JSON Web Tokens.')
    .version(version())
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    // Errors are told in one place, in one form: see output/failures.ts.
    .configureOutput({ outputError: () => undefined });
  for (const [name, { summary, define }] of Object.entries(COMMANDS)) {
    const command = program.command(name).summary(summary).description(summary);
    // A name that is an option's value loads a command for nothing, which harms nobody.
    if (words.includes(name)) await define(command);
  }
  return program;
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
