/** `pnpm release:dry`: what the changesets ask for, and what `pnpm release` would publish, without publishing anything. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from './pack.ts';
import { root, turbo } from './turbo.ts';

interface Plan {
  readonly releases: readonly { name: string; type: string; oldVersion: string; newVersion: string }[];
}

if (turbo(['build', '--output-logs=errors-only']) !== 0) process.exit(1);
console.log('\nAsked for by .changeset/ (versions move when the version pull request is merged):');
const asked = plan().releases.filter(({ type }) => type !== 'none');
if (asked.length === 0) console.log('  nothing: no changeset is waiting');
for (const { name, type, oldVersion, newVersion } of asked)
  console.log(`  ${name}  ${oldVersion} → ${newVersion} (${type})`);

console.log('\nWould be published, where the registry does not have that version yet:');
for (const { name, manifest, tarball, files } of await packAll())
  console.log(
    `  ${name}@${manifest.version}  ${(readFileSync(tarball).length / 1000).toFixed(0)} kB, ${files.length} files`,
  );

function plan(): Plan {
  const folder = mkdtempSync(join(tmpdir(), 'tokenwright-plan-'));
  const file = join(folder, 'plan.json');
  // `--output` is taken from the workspace's folder, whatever it looks like.
  spawnSync('changeset', ['status', '--output', file], { cwd: root, stdio: 'pipe' });
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Plan;
  } catch {
    return { releases: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
