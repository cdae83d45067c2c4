/** A small workspace outside this one that every check finds in order, and its tools run on it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, extname, join } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'node_modules/.bin');

/** What a check said, and whether it was content. */
export interface Outcome {
  readonly passed: boolean;
  readonly said: string;
}

/** Files of a workspace by path; undefined takes one away. */
export type Files = Readonly<Record<string, string | undefined>>;

/** A workspace on disk, removed when the test ends. */
export class Workspace {
  readonly folder: string;

  constructor(files: Files = {}) {
    this.folder = mkdtempSync(join(tmpdir(), 'tokenwright-check-'));
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    for (const name of readdirSync(join(ROOT, 'tools')))
      if (name === 'smoke' || extname(name) !== '')
        cpSync(join(ROOT, 'tools', name), join(this.folder, 'tools', name), { recursive: true });
    // The folder itself is this workspace's own, so that what a check keeps in it goes with it.
    mkdirSync(join(this.folder, 'node_modules'));
    for (const name of readdirSync(join(ROOT, 'node_modules')))
      if (name !== '.cache')
        symlinkSync(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name));
    this.write({ ...IN_ORDER, ...files });
  }

  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path);
      rmSync(file, { force: true });
      if (text === undefined) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
    }
  }

  /** Runs `tools/<tool>.ts` as `pnpm check` does. */
  check(tool: string, ...args: string[]): Outcome {
    return this.run(process.execPath, '--disable-warning=ExperimentalWarning', `tools/${tool}.ts`, ...args);
  }

  /** Runs a program of the workspace or of the machine; programs in its own `bin` come first. */
  run(command: string, ...args: string[]): Outcome {
    const env = {
      ...process.env,
      PATH: [join(this.folder, 'bin'), BIN, process.env['PATH']].join(delimiter),
      NO_COLOR: '1',
    };
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.folder, encoding: 'utf8', env });
    return { passed: status === 0, said: stdout + stderr };
  }

  git(...args: string[]): void {
    const { passed, said } = this.run(
      'git',
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@localhost',
      ...args,
    );
    if (!passed) throw new Error(said);
  }
}

/** `package.json` of a package, with other members. */
export function manifest(name: string, members: object = {}): string {
  return JSON.stringify({
    name: `@tokenwright/${name}`,
    version: '0.1.0',
    description: 'A package of a test.',
    keywords: ['a', 'b', 'c'],
    license: 'MIT',
    repository: { type: 'git', url: 'git+https://github.com/a/b.git', directory: `packages/${name}` },
    type: 'module',
    engines: { node: '>=20.19' },
    sideEffects: false,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist', 'CHANGELOG.md'],
    ...(name === 'jwt' ? { dependencies: { jose: '^6.0.0' } } : {}),
    ...members,
  });
}

const PACKAGES = ['jwt', 'auth', 'server', 'cli'];
const SOURCE = 'export const one = 1;\n';
const MAP = { version: 3, sources: ['../src/index.ts'], sourcesContent: [SOURCE], names: [], mappings: '' };

function packageFiles(name: string): Files {
  const folder = `packages/${name}`;
  return {
    [`${folder}/package.json`]: manifest(name),
    [`${folder}/README.md`]: `# ${name}\n`,
    [`${folder}/CHANGELOG.md`]: '# Changes\n',
    [`${folder}/LICENSE`]: 'MIT\n',
    [`${folder}/src/index.ts`]: SOURCE,
    [`${folder}/dist/index.js`]: SOURCE,
    [`${folder}/dist/index.js.map`]: JSON.stringify(MAP),
    [`${folder}/dist/index.d.ts`]: 'export declare const one = 1;\n',
    ...(name === 'server' ? { [`${folder}/dist/lab/page/index.html`]: '<!doctype html>\n' } : {}),
  };
}

const TREE = `# Architecture

\`\`\`text
packages/       what is published
  auth/         a
    src/        b
      index.ts  c
  cli/          d
    src/        e
      index.ts  f
  jwt/          g
    src/        h
      index.ts  i
  server/       j
    src/        k
      index.ts  l
tools/          what guards
  smoke/        programs
.gitignore      not kept
.github/        workflows
  workflows/    one
ARCHITECTURE.md  this
package.json    scripts
pnpm-workspace.yaml  versions
tsconfig.base.json  strict
\`\`\`
`;

/** An action pinned as it must be. */
export const PINNED = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

const IN_ORDER: Files = {
  '.gitignore': 'node_modules/\ndist/\n',
  '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  test:\n    permissions:\n      contents: read\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${PINNED}\n      - run: npm install --global pnpm@1.2.3\n`,
  'ARCHITECTURE.md': TREE,
  'package.json': JSON.stringify({ name: 'w', private: true, type: 'module', packageManager: 'pnpm@1.2.3' }),
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\npmOnFail: ignore\ncatalog:\n  jose: ^6.0.0\n',
  'tsconfig.base.json': '{ "compilerOptions": { "strict": true } }\n',
  ...Object.assign({}, ...PACKAGES.map(packageFiles)),
};
