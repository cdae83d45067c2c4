/**
 * Runs before a package is packed (`prepack`): an unbuilt package would be packed without its code, and npm leaves versions
 * of the workspace's catalog in the manifest. Plain JavaScript, for any Node.js.
 */
import { existsSync } from 'node:fs';

const usesNpm = process.env.npm_config_user_agent?.startsWith('npm/') === true;
if (usesNpm || !existsSync('dist')) {
  console.error(
    usesNpm
      ? 'npm cannot pack this: the versions stand in the catalog of pnpm. Use `npx -y pnpm tarballs` at the top of the repository.'
      : 'There is nothing built to be packed. `npx -y pnpm install && npx -y pnpm tarballs` at the top of the repository builds and packs.',
  );
  process.exit(1);
}
