/** The published packages: where they stand and what their manifests say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './turbo.ts';

/** What of a `package.json` the tools read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly sideEffects?: boolean;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** A published package. */
export interface Package {
  /** `jwt` */
  readonly short: string;
  /** `@tokenwright/jwt` */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The four, lowest layer first: each may import those before it and no other. */
export const packages: readonly Package[] = ['jwt', 'auth', 'server', 'cli'].map((short) => {
  const folder = join(root, 'packages', short);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return { short, name: manifest.name, folder, manifest };
});

/** A package's entry points that are code: `['@tokenwright/jwt', './dist/index']`, without extension. */
export function entryPoints({
  name,
  manifest,
}: Package): readonly (readonly [specifier: string, file: string])[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [[name + path.slice(1), target.default.replace(/\.js$/, '')] as const],
  );
}

/** The packages of this workspace that a package needs at run time, itself first, each once. */
export function withDependencies(one: Package): readonly Package[] {
  const needed = new Set([one]);
  for (const each of needed) {
    for (const name of Object.keys({ ...each.manifest.dependencies, ...each.manifest.peerDependencies })) {
      const other = packages.find((candidate) => candidate.name === name);
      if (other !== undefined) needed.add(other);
    }
  }
  return [...needed];
}
