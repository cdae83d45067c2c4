/** `pnpm start`: builds what the tutorial needs, then becomes the tutorial, so that signals reach it directly. */
import { turbo } from './turbo.ts';

const failed = turbo(['build', '--filter=jwt-tutorial', '--output-logs=errors-only', '--log-prefix=none']);
if (failed !== 0) {
  console.error('The tutorial was not started, because it could not be built; the reason stands above.');
  process.exit(failed);
}
await import('../apps/jwt-tutorial/dist/main.js' as string);
