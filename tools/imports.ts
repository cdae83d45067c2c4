/** What a TypeScript or JavaScript source imports, read by a real parser. */
import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';

/** The specifier of an import that is known only when the program runs. */
export const COMPUTED = 'what is computed';

/** One import: where it points, and what it names. */
export interface Import {
  readonly specifier: string;
  /** `import { a as b }` → `a`; a default import is `default`, a namespace is nothing. */
  readonly names: readonly string[];
  readonly line: number;
}

/**
 * The imports of a file, static and dynamic, what it hands on with `export … from`, and what it takes by `require` or
 * `process.getBuiltinModule`.
 */
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
    found.push({ specifier: literal ?? COMPUTED, names: [], line: lineAt(start) });
  }
  found.push(...typeImports(program, lineAt), ...requires(program, lineAt));
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

interface Node {
  readonly type?: string;
  readonly start?: number;
  readonly [property: string]: unknown;
}

/** What the functions that import at run time are called with; `createRequire` gives one a name of its own. */
function requires(program: unknown, lineAt: (offset: number) => number): Import[] {
  const found: Import[] = [];
  const names = new Set(['require', 'getBuiltinModule']);
  const takes = (callee: Node | undefined): boolean =>
    names.has(nameOf(callee)) ||
    (callee?.type === 'CallExpression' && nameOf(callee['callee'] as Node) === 'createRequire');
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const one = node as Node;
    if (
      one.type === 'VariableDeclarator' &&
      nameOf((one['init'] as Node | null)?.['callee'] as Node) === 'createRequire'
    )
      names.add(nameOf(one['id'] as Node));
    if (one.type === 'CallExpression' && takes(one['callee'] as Node)) {
      const [argument] = one['arguments'] as Node[];
      const specifier = typeof argument?.['value'] === 'string' ? argument['value'] : COMPUTED;
      found.push({ specifier, names: [], line: lineAt(one.start ?? 0) });
    }
    for (const child of Object.values(one)) walk(child);
  };
  walk(program);
  return found;
}

/** `a` of `a`, and of `b.a`. */
function nameOf(node: Node | undefined): string {
  if (node?.type === 'MemberExpression') return nameOf(node['property'] as Node);
  return node?.type === 'Identifier' ? String(node['name']) : '';
}
