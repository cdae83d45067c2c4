import { describe, expect, it } from 'vitest';
import { type Files, manifest, Workspace } from './workspace.ts';

const BREAKS: readonly [what: string, files: Files, said: string][] = [
  [
    'an import of a layer above',
    { 'packages/jwt/src/index.ts': "import '@tokenwright/auth';" },
    'is a layer above',
  ],
  [
    'an import of another package’s inside',
    { 'packages/auth/test/a.test.ts': "import '@tokenwright/jwt/dist/index.js';" },
    'does not export it',
  ],
  [
    'a path into another package',
    { 'packages/auth/src/index.ts': "import '../../jwt/src/index.ts';" },
    "outside its package's folder",
  ],
  [
    'one from a folder that is neither src nor test',
    { 'packages/server/soak/soak.ts': "import '@tokenwright/cli';" },
    'is a layer above',
  ],
  [
    'one from a file beside src',
    { 'packages/server/copy.ts': "import '../jwt/src/index.ts';" },
    "outside its package's folder",
  ],
  [
    'an HTTP server in jwt',
    { 'packages/jwt/src/index.ts': "import 'node:http';" },
    'jwt knows no HTTP server',
  ],
  [
    'one by process.getBuiltinModule',
    { 'packages/jwt/src/index.ts': "process.getBuiltinModule('node:http');" },
    'jwt knows no HTTP server',
  ],
  [
    'one by createRequire',
    {
      'packages/jwt/src/index.ts':
        "import { createRequire } from 'node:module';\ncreateRequire(import.meta.url)('http');",
    },
    'jwt knows no HTTP server',
  ],
  [
    'one by a require of its own name',
    {
      'packages/jwt/src/index.ts':
        "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\nload('koa');",
    },
    'jwt knows no HTTP server',
  ],
  [
    'an import that is computed',
    { 'packages/jwt/src/index.ts': "const name = 'node:ht' + 'tp';\nawait import(name);" },
    'write the name down',
  ],
  [
    'what is no dependency',
    { 'packages/auth/src/index.ts': "import 'pino';" },
    'is no dependency of @tokenwright/auth',
  ],
  [
    'a circle',
    {
      'packages/jwt/src/index.ts': "import './other.js';",
      'packages/jwt/src/other.ts': "import './index.js';",
    },
    'a circle: packages/jwt/src/index.ts → packages/jwt/src/other.ts',
  ],
  [
    'an app that goes into a package by a path',
    { 'apps/x/src/page.tsx': "import '../../../packages/jwt/src/index.ts';\nexport const page = <p />;" },
    'a package is imported by its name',
  ],
  [
    'an app that imports what is not exported',
    { 'apps/x/src/main.mts': "import '@tokenwright/jwt/inside';" },
    'does not export it',
  ],
];

describe('layers', () => {
  it('are kept by imports that point down, at exported names', () => {
    const workspace = new Workspace({
      'packages/auth/package.json': manifest('auth', { dependencies: { '@tokenwright/jwt': 'workspace:^' } }),
      'packages/auth/src/index.ts': "import { one } from '@tokenwright/jwt';\nexport const two = one + 1;\n",
      'apps/x/src/main.tsx': "import '@tokenwright/auth';\nawait import('node:http');\n",
    });
    expect(workspace.check('layers')).toEqual({ passed: true, said: 'layers: imports point only down\n' });
  });

  it.each(BREAKS)('are broken by %s', (_what, files, said) => {
    const outcome = new Workspace(files).check('layers');
    expect(outcome.passed).toBe(false);
    expect(outcome.said).toContain(said);
  });
});
