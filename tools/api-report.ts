/**
 * The public face of each package in `packages/X/api.md`, by API Extractor from the built declarations and, of commands,
 * from the program itself: a change to a face is seen in the diff. `node tools/api-report.ts` compares, `--write`
 * (`pnpm api`) writes.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { commandFace } from './command-face.ts';
import { report } from './findings.ts';
import { entryPoints, type Package, packages } from './packages.ts';
import { root } from './turbo.ts';

const REPORTS = join(root, 'node_modules/.cache/tokenwright/api');
/** As the packages are compiled; API Extractor brings a TypeScript of its own. */
const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
};
/** Docstrings are TypeDoc's, and what is not exported is in the report. */
const SILENT = { default: { logLevel: ExtractorLogLevel.None } };

const write = process.argv.includes('--write');
const findings: string[] = [];
for (const one of packages) {
  const file = join(one.folder, 'api.md');
  const now = await apiOf(one);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (now === before) continue;
  if (write) writeFileSync(file, now);
  else findings.push(`${relative(root, file)} is not what is built: ${difference(before, now)}`);
}
report(
  'api report',
  findings,
  'Is the change to the face meant? Then `pnpm api` writes it, and a changeset tells users of it (`pnpm changeset`).',
  write ? 'written' : 'the faces are as reviewed',
);

/** The whole report of one package. */
async function apiOf(one: Package): Promise<string> {
  const parts = [
    `# The face of ${one.name}`,
    'Written by `pnpm api` from what is built; reviewed with every change to it.',
  ];
  for (const [specifier, declarations] of declarationsOf(one))
    parts.push(`## \`${specifier}\``, declarations);
  for (const [bin, file] of Object.entries(one.manifest.bin ?? {}))
    parts.push(...(await commandFace(bin, one.folder, file)));
  return `${parts.join('\n\n')}\n`;
}

/** What each entry point exports, and what that refers to, as a block of TypeScript. */
function declarationsOf(one: Package): [specifier: string, declarations: string][] {
  const configs = entryPoints(one).map(
    ([specifier, target]) => [specifier, configOf(one, `${join(one.folder, target)}.d.ts`)] as const,
  );
  const [first] = configs;
  if (first === undefined) return [];
  const additionalEntryPoints = configs.map(([, config]) => config.mainEntryPointFilePath);
  const compilerState = CompilerState.create(first[1], { additionalEntryPoints });
  return configs.map(([specifier, config]) => {
    Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback: (message) => {
        message.handled = true;
      },
    });
    const [, block = ''] = /(```ts\n[\s\S]*```)/.exec(readFileSync(config.reportFilePath, 'utf8')) ?? [];
    return [specifier, block];
  });
}

function configOf({ folder, short }: Package, entryPoint: string): ExtractorConfig {
  const name = `${short}-${relative(folder, entryPoint).replace(/\W+/g, '-')}`;
  mkdirSync(REPORTS, { recursive: true });
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: entryPoint,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [entryPoint] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: REPORTS,
        reportTempFolder: join(REPORTS, 'new'),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: SILENT, tsdocMessageReporting: SILENT },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}

/** The first lines that differ, and how many more there are. */
function difference(before: string, now: string): string {
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const removed = old.filter((line) => !fresh.includes(line));
  const added = fresh.filter((line) => !old.includes(line));
  const lines = [...removed.map((line) => `- ${line.trim()}`), ...added.map((line) => `+ ${line.trim()}`)];
  const more = lines.length > 6 ? `\n    … and ${lines.length - 6} more lines` : '';
  return `\n    ${lines.slice(0, 6).join('\n    ')}${more}`;
}
