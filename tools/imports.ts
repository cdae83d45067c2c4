/** What a TypeScript or JavaScript source imports, read by a real parser. */
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

/** One import: where it points, what it names, and whether only types pass. */
export interface Import {
  readonly specifier: string;
  /** `import { a as b }` → `a`; a default import is `default`, a namespace is nothing. */
  readonly names: readonly string[];
  readonly line: number;
}

/** The imports of a file, static and dynamic, and what it hands on with `export … from`. */
export function importsOf(file: string): readonly Import[] {
  return importsIn(readFileSync(file, 'utf8'), file);
}

/** The same of a text; `name` decides by its extension how it is read. */
export function importsIn(text: string, name: string): readonly Import[] {
  const { module, program, errors } = parseSync(name, text);
  // What is no program, an excerpt with an ellipsis for example, still has import statements that are.
  if (errors.length > 0) return importStatements(text, name);
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length;
  const found: Import[] = [];
  for (const { moduleRequest, start, entries } of module.staticImports) {
    const names = entries.flatMap(({ importName }) =>
      importName.kind === 'Default' ? ['default'] : importName.name === null ? [] : [importName.name],
    );
    found.push({ specifier: moduleRequest.value, names, line: lineAt(start) });
  }
  for (const { start, entries } of module.staticExports) {
    for (const { moduleRequest, importName } of entries) {
      if (moduleRequest === null) continue;
      found.push({
        specifier: moduleRequest.value,
        names: importName.name === null ? [] : [importName.name],
        line: lineAt(start),
      });
    }
  }
  for (const { moduleRequest, start } of module.dynamicImports) {
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
    if (literal !== undefined) found.push({ specifier: literal, names: [], line: lineAt(start) });
  }
  found.push(...typeImports(program, lineAt));
  return found;
}

/** The import statements of a text that as a whole cannot be parsed, each read on its own. */
function importStatements(text: string, name: string): readonly Import[] {
  return [...text.matchAll(/^[ \t]*import\s[^;'"]*['"][^'"\n]+['"]/gm)].flatMap(({ 0: statement, index }) => {
    if (parseSync(name, statement).errors.length > 0) return [];
    const before = text.slice(0, index).split('\n').length - 1;
    return importsIn(statement, name).map((found) => ({ ...found, line: found.line + before }));
  });
}

/** `import('x').Y` in a type position, which the module record does not list. */
function typeImports(node: unknown, lineAt: (offset: number) => number, found: Import[] = []): Import[] {
  if (typeof node !== 'object' || node === null) return found;
  const { type, source, start } = node as { type?: string; source?: { value?: string }; start?: number };
  if (type === 'TSImportType' && source?.value !== undefined)
    found.push({ specifier: source.value, names: [], line: lineAt(start ?? 0) });
  for (const child of Object.values(node)) typeImports(child, lineAt, found);
  return found;
}
