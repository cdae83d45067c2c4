import { defineConfig, type ViteUserConfig } from 'vitest/config';

/** The tests of the checks: each is run on a small workspace, whole and broken. */
const config: ViteUserConfig = defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
});
export default config;
