import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The tests of the checks: each is run on a small workspace, whole and broken. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000 },
});
export default config;
