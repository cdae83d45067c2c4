/** The last step of this package's build: takes the built page of the token lab along, as users get it. */
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = join(dirname(fileURLToPath(import.meta.resolve('token-lab/package.json'))), 'dist');
const page = join(import.meta.dirname, 'dist/lab/page');
rmSync(page, { recursive: true, force: true });
cpSync(built, page, { recursive: true });
