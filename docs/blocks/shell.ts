/**
 * Runs the session of a page in a real bash, in an empty folder that is also the user's home. `tokenwright` is the
 * command of the workspace, and the ports that pages show are free ones. What still runs at the end ends with it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { root } from './pages.ts';
import type { Command, ShellBlock } from './sessions.ts';

/** What became of a command. */
export interface Ran {
  readonly command: Command;
  readonly printed: string;
  /** Undefined for what goes on running. */
  readonly exitCode: number | undefined;
}

/** In milliseconds, for one command: `npm install` on a busy machine takes its time. */
const LONGEST = 240_000;
/** Where pages say that something listens. */
const PORT = /(?<=(?:127\.0\.0\.1|localhost|\[::1\]):)\d{4,5}\b/g;
/** The ports of the tutorial and of `tokenwright serve`, when nobody says otherwise. */
const DEFAULTS = { PORT: '5000', SERVE_PORT: '5050' } as const;
const MARK = '\u001e';

/** What `run` needs besides the page's own text. */
export interface Surroundings {
  /** The folder with the packed tarballs, as `$PACKED`. */
  readonly packed?: string;
  /** The program that stands above a line of the page, as `$ABOVE`. */
  readonly above?: (line: number) => string | undefined;
}

/** Runs the blocks that are run, in order, and ends at the first command that cannot be run at all. */
export async function run(
  blocks: readonly ShellBlock[],
  { packed = '', above = () => undefined }: Surroundings = {},
): Promise<ReadonlyMap<number, Ran>> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'session-')));
  const ports = await freePorts(blocks);
  const shell = new Shell(home, { ...environment(home, ports), PACKED: packed });
  const ran = new Map<number, Ran>();
  try {
    await shell.run('shopt -s expand_aliases');
    for (const block of blocks)
      for (const command of block.commands) {
        const program = /\$\{?ABOVE/.test(command.text) ? above(command.line) : undefined;
        if (program !== undefined)
          await shell.run(`ABOVE=${quoted(writeProgram(home, ports.there(program)))}`);
        const text = ports.there(command.text);
        const { printed, exitCode } = await (command.until === undefined
          ? shell.run(text)
          : shell.start(text, command.until));
        ran.set(command.line, { command, printed: ports.back(printed), exitCode });
      }
  } finally {
    await shell.end();
    rmSync(home, { recursive: true, force: true });
    rmSync(programFolder(home), { recursive: true, force: true });
  }
  return ran;
}

/** As on the reader's machine: `$ROOT` is the clone; `$PACKED`, `$ABOVE` and `$PRINTED` (what stays has printed) are for set-up. */
function environment(home: string, ports: Ports): NodeJS.ProcessEnv {
  // What pnpm tells its scripts is not what a reader's terminal has.
  const kept = /^npm_config_(registry|cafile|.*proxy)$/;
  const own = Object.entries(process.env).filter(
    ([name]) => kept.test(name) || !/^(npm_|pnpm_|VITEST|TURBO_|NODE_ENV)/i.test(name),
  );
  const bin = join(home, '.bin');
  mkdirSync(bin);
  const shim = join(bin, 'tokenwright');
  writeFileSync(
    shim,
    `#!/bin/sh\nif [ "$1" = serve ]; then shift; set -- serve --port "$SERVE_PORT" "$@"; fi\nexec '${process.execPath}' '${join(root, 'packages/cli/dist/bin.js')}' "$@"\n`,
  );
  chmodSync(shim, 0o755);
  return {
    ...Object.fromEntries(own),
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: home,
    XDG_DATA_HOME: join(home, '.data'),
    ROOT: root,
    NO_COLOR: '1',
    // Packages come from where they always come from, and are kept where they always are.
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'),
    npm_config_cache: process.env['npm_config_cache'] ?? join(homedir(), '.npm'),
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    TOKENWRIGHT_CERTIFICATES: join(home, '.certificates'),
    PORT: ports.there(`localhost:${DEFAULTS.PORT}`).slice('localhost:'.length),
    SERVE_PORT: ports.there(`localhost:${DEFAULTS.SERVE_PORT}`).slice('localhost:'.length),
  };
}

/** Programs stand below docs/, so that they find its dependencies. */
function programFolder(home: string): string {
  return join(root, 'docs/.sessions', home.replaceAll(/\W+/g, '-'));
}

function writeProgram(home: string, source: string): string {
  const folder = programFolder(home);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'above.ts');
  writeFileSync(file, source);
  return file;
}

interface Ports {
  /** A text of the page with the ports of this run. */
  there(text: string): string;
  /** What was printed, with the ports of the page. */
  back(text: string): string;
}

async function freePorts(blocks: readonly ShellBlock[]): Promise<Ports> {
  const text = blocks
    .flatMap(({ commands }) => commands.flatMap((one) => [one.text, one.output ?? '']))
    .join('\n');
  const shown = new Set<string>([...(text.match(PORT) ?? []), ...Object.values(DEFAULTS)]);
  const pairs = await Promise.all([...shown].map(async (port) => [port, await freePort()] as const));
  const to = new Map(pairs);
  const from = new Map(pairs.map(([port, free]) => [free, port]));
  const inCode = /(?<=listen\(|port: )\d{4,5}\b/g;
  return {
    there: (given) =>
      given.replace(PORT, (port) => to.get(port) ?? port).replace(inCode, (port) => to.get(port) ?? port),
    back: (given) => given.replace(PORT, (port) => from.get(port) ?? port),
  };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return String(typeof address === 'object' ? address?.port : undefined);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A bash that is told one command after the other. What stays writes to a pipe of its own, and so is in nobody's way. */
class Shell {
  readonly #bash: ChildProcessByStdio<Writable, Readable, null>;
  readonly #printed: Readable;
  readonly #staying: Readable;

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.#bash = spawn('bash', ['--noprofile', '--norc'], {
      cwd,
      env,
      // A group of its own, which can be ended as a whole.
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
    }) as ChildProcessByStdio<Writable, Readable, null>;
    this.#printed = this.#bash.stdout.setEncoding('utf8');
    this.#staying = (this.#bash.stdio[3 as never] as Readable).setEncoding('utf8');
  }

  async run(command: string): Promise<Omit<Ran, 'command'>> {
    this.#bash.stdin.write(`{ ${command}\n} 2>&1 < /dev/null\nprintf '${MARK}%s${MARK}' "$?"\n`);
    const all = await read(this.#printed, new RegExp(`${MARK}\\d+${MARK}`), command);
    const [printed = '', code] = all.split(MARK);
    return { printed, exitCode: Number(code) };
  }

  async start(command: string, until: string): Promise<Omit<Ran, 'command'>> {
    this.#bash.stdin.write(`{ { ${command}\n}; printf '${MARK}%s${MARK}' "$?"; } >&3 2>&3 < /dev/null &\n`);
    const ready = new RegExp(`${until.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}.*\\n|${MARK}`);
    const all = await read(this.#staying, ready, command);
    const [printed = '', code] = all.split(MARK);
    // Nobody reads on, but what goes on must be able to write.
    this.#staying.resume();
    await this.run(`PRINTED=${quoted(printed.trimEnd())}`);
    return { printed, exitCode: code === undefined ? undefined : Number(code) };
  }

  async end(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#bash;
    if (pid === undefined) return;
    const ended = exitCode === null && signalCode === null ? once(this.#bash, 'exit') : undefined;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    // The pipe ends when the last of those that could write to it has ended.
    await Promise.all([ended, finished(this.#staying.resume(), { writable: false })]);
  }
}

/** All that comes until the text has the pattern. @throws Error when it does not come. */
async function read(from: Readable, pattern: RegExp, command: string): Promise<string> {
  const late = AbortSignal.timeout(LONGEST);
  let text = '';
  while (!pattern.test(text)) {
    const chunk: unknown = from.read();
    if (chunk !== null) text += String(chunk);
    else if (from.readableEnded || late.aborted || !(await more(from, late)))
      throw new Error(`\`${command}\` has not come to its end. It printed: ${text}`);
  }
  return text;
}

/** Waits for the next chunk, or for the end. */
async function more(from: Readable, late: AbortSignal): Promise<boolean> {
  const answered = new AbortController();
  const signal = AbortSignal.any([late, answered.signal]);
  try {
    await Promise.race([once(from, 'readable', { signal }), once(from, 'end', { signal })]);
    return true;
  } catch {
    return false;
  } finally {
    answered.abort();
  }
}
