/**
 * How much a package weighs, packed and installed, as measured, in its README between two marks.
 * `node tools/sizes.ts` compares, `--write` (`pnpm sizes`) writes.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { report } from './findings.ts';
import { install, installedBytes, installedPackages } from './installation.ts';
import { type Packed, packAll } from './pack.ts';
import { root } from './turbo.ts';

/** A written number may be this much off before it counts as wrong: a dependency's patch release moves it. */
const TOLERANCE = 0.15;
const MARKED = /(<!-- size: written by `pnpm sizes` -->\n)([\s\S]*?)(\n<!-- \/size -->)/;

/** What is wrong with the size a README states, if anything; `write` mends it. */
export function sizeFinding(one: Packed, folder: string, write = false): string | undefined {
  const file = join(one.folder, 'README.md');
  const readme = readFileSync(file, 'utf8');
  const measured = sentence(one, folder);
  const stated = MARKED.exec(readme)?.[2];
  if (stated === undefined)
    return `${relative(root, file)} has no place for its size (see another package's)`;
  if (write) {
    if (stated !== measured)
      writeFileSync(
        file,
        readme.replace(MARKED, (_, open, __, close) => open + measured + close),
      );
  } else if (!near(stated, measured))
    return `${relative(root, file)} says "${stated}", measured is "${measured}"`;
  return undefined;
}

function sentence(one: Packed, folder: string): string {
  const others = installedPackages(folder).filter((name) => name !== one.name);
  const brought =
    others.length === 1 ? `with ${others[0]}` : `with ${others.length} dependencies, theirs included`;
  return `Packed ${inWords(statSync(one.tarball).size)}; installed, ${brought}, ${inWords(installedBytes(folder))}.`;
}

function inWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The same words and nearly the same numbers. */
function near(stated: string, measured: string): boolean {
  const numbers = (text: string): number[] =>
    [...text.matchAll(/([\d.]+) (kB|MB)/g)].map(
      ([, number, unit]) => Number(number) * (unit === 'MB' ? 1000 : 1),
    );
  const words = (text: string): string => text.replace(/[\d.]+ (kB|MB)/g, '').replace(/\d+ dependencies/, '');
  const [before, now] = [numbers(stated), numbers(measured)];
  return (
    words(stated) === words(measured) &&
    before.length === now.length &&
    now.every(
      (kilobytes, index) => Math.abs(kilobytes - (before[index] ?? 0)) <= Math.max(2, kilobytes * TOLERANCE),
    )
  );
}

if (import.meta.main) {
  const write = process.argv.includes('--write');
  const all = await packAll();
  const findings: (string | undefined)[] = [];
  for (const one of all) findings.push(sizeFinding(one, await install([one], all), write));
  report(
    'sizes',
    findings.filter((finding) => finding !== undefined),
    '`pnpm sizes` measures and writes them.',
    write ? 'written' : 'as the READMEs say',
  );
}
