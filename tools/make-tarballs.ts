/** `pnpm tarballs [folder]`: packs the packages for use before they are published, and says how they are installed. */
import { join, resolve } from 'node:path';
import { packAll } from './pack.ts';
import { root } from './turbo.ts';

const [folder] = process.argv.slice(2);
const packed = await packAll(folder === undefined ? join(root, 'tarballs') : resolve(folder));
console.log('Each needs those above it. In a project of yours, all of them are installed with');
console.log(`npm install koa ${packed.map(({ tarball }) => tarball).join(' ')}`);
