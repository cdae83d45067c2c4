/** Builds the page to static files that need no inline script and no inline style, so that its policy can forbid both. */
import { defineConfig } from 'vite';

export default defineConfig({
  // `GET /` is the page; all it loads lies below /lab/.
  base: '/lab/',
  build: {
    assetsDir: '.',
    target: 'es2022',
    // One script and one style sheet: nothing to preload, and a `data:` URL would need a wider policy.
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    reportCompressedSize: true,
  },
});
