/** knip: no file, export or dependency that nothing uses. A package's entries are those of its `exports` and `bin`. */
import type { KnipConfig } from 'knip';
import { entryPoints, packages } from './tools/packages.ts';

const TESTS = 'test/**/*.{test,test-d}.ts';

const config: KnipConfig = {
  // The type of a parameter stands exported beside its function, whether or not another file names it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // A program of the machine that a test of the command line uses where it is there.
  ignoreBinaries: ['script'],
  workspaces: {
    '.': {
      entry: ['tools/*.{ts,js}', 'tools/smoke/*', 'tools/test/*.test.ts'],
      project: ['tools/**/*.{ts,js,cjs}'],
      // The programs in tools/smoke run where these are installed; changesets brings its changelog along; tools/turbo.ts
      // starts turbo by its name.
      ignoreDependencies: ['@tokenwright/*', 'koa', '@changesets/changelog-git', 'turbo'],
    },
    benchmarks: { entry: ['src/*.ts'], project: ['src/**/*.ts'] },
    'apps/*': { entry: ['src/main.{ts,tsx}', TESTS], project: ['{src,test}/**/*.{ts,tsx}'] },
    // `curl.ts` is started by its path.
    'apps/jwt-tutorial': { entry: ['src/main.ts', TESTS, 'test/curl.ts'], project: ['{src,test}/**/*.ts'] },
    docs: {
      entry: ['blocks/{run,worker}.ts', TESTS],
      project: ['{blocks,generate,test}/**/*.ts', '.vitepress/*.ts'],
      // The programs on the pages use these; the compiler that tests them knows whether they are there. The site needs Vue.
      ignoreDependencies: ['@koa/router', '@types/*', 'fastify', 'jsonwebtoken', 'mkcert', 'pino', 'vue'],
    },
    ...Object.fromEntries(
      packages.map((one) => {
        const targets = [
          ...entryPoints(one).map(([, file]) => `${file}.js`),
          ...Object.values(one.manifest.bin ?? {}),
        ];
        const sources = targets.map((file) => file.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
        return [`packages/${one.short}`, { entry: [...sources, TESTS], project: ['{src,test}/**/*.ts'] }];
      }),
    ),
  },
};

export default config;
