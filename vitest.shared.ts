import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The configuration of `pnpm test:e2e`: tests that need more of the machine than Node.js, one file at a time. */
export function endToEnd(root: string): ViteUserConfig {
  const { test, ...rest } = shared(root);
  return defineConfig({
    ...rest,
    test: {
      ...test,
      include: ['test/**/*.e2e.test.ts'],
      exclude: [],
      typecheck: { enabled: false },
      fileParallelism: false,
      outputFile: { json: '.reports/e2e.json' },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  });
}

/** The one test configuration: every package's `vitest.config.ts` hands its own folder to it. */
export function shared(root: string): ViteUserConfig {
  return defineConfig({
    root,
    test: {
      include: ['test/**/*.test.ts'],
      exclude: ['test/**/*.e2e.test.ts'],
      globalSetup: [new URL('./tools/build-first.ts', import.meta.url).pathname],
      typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
      reporters: ['default', 'json'],
      outputFile: { json: '.reports/test.json' },
      testTimeout: 60_000,
      hookTimeout: 60_000,
      coverage: { provider: 'v8', include: ['src/**/*.ts'], reportsDirectory: 'coverage' },
    },
  });
}
