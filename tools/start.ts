/**
 * `pnpm start`: builds what the tutorial needs, then becomes the tutorial, so that signals reach it directly.
 * `pnpm start:sessions` does the same with the app about sessions. It ends when the npx ends that it was started by.
 */
import { endWithNpx } from './npx.ts';
import { turbo } from './turbo.ts';

const [app = 'jwt-tutorial'] = process.argv.slice(2);
const folder = { 'jwt-tutorial': 'jwt-tutorial', 'sessions-app': 'sessions' }[app];
const failed = turbo(['build', `--filter=${app}`, '--output-logs=errors-only', '--log-prefix=none']);
if (failed !== 0) {
  console.error(`${app} was not started, because it could not be built; the reason stands above.`);
  process.exit(failed);
}
endWithNpx();
await import(`../apps/${folder}/dist/main.js`);
