/** Which names a built `.d.ts` exports, as `index.ts` lists them: one by one, or all of another file. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The names that an entry point (absolute, `.d.ts`) exports, sorted by code unit. */
export function exportedNames(file: string): readonly string[] {
  const names = new Set<string>();
  for (const { entries } of parseSync(file, readFileSync(file, 'utf8')).module.staticExports) {
    for (const { exportName, importName, moduleRequest } of entries) {
      if (exportName.name !== null) names.add(exportName.name);
      else if (importName.kind === 'AllButDefault' && moduleRequest !== null)
        for (const name of exportedNames(join(dirname(file), moduleRequest.value.replace(/\.js$/, '.d.ts'))))
          names.add(name);
    }
  }
  return [...names].sort();
}
