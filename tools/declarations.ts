/** Reads built `.d.ts` files: which names a package's entry points export, and how each is declared. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';

/** A name where it is declared. `text` is undefined for what another package declares. */
export interface Declaration {
  readonly name: string;
  /** The declaring file, or the specifier of another package. */
  readonly from: string;
  readonly text: string | undefined;
  /** What the declaration refers to, as declared in its own file. */
  readonly refersTo: readonly string[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

interface Source {
  readonly declared: Map<string, { texts: string[]; refersTo: Set<string> }>;
  /** Local name → where it comes from. */
  readonly imported: Map<string, { specifier: string; name: string }>;
  /** Exported name → local name, or a name of another module. */
  readonly exported: Map<string, { local: string } | { specifier: string; name: string }>;
  readonly stars: string[];
}

const sources = new Map<string, Source>();

/** The names that an entry point (absolute, `.d.ts`) exports, sorted by code unit. */
export function exportedNames(file: string): readonly string[] {
  const { exported, stars } = read(file);
  const names = new Set(exported.keys());
  for (const specifier of stars) for (const name of exportedNames(fileOf(file, specifier))) names.add(name);
  return [...names].sort();
}

/** How a name that a file exports is declared, whichever file declares it. */
export function exportedDeclaration(file: string, name: string): Declaration {
  const { exported, stars } = read(file);
  const target = exported.get(name);
  if (target === undefined) {
    const star = stars.find((specifier) => exportedNames(fileOf(file, specifier)).includes(name));
    if (star === undefined) throw new Error(`${file} does not export ${name}`);
    return exportedDeclaration(fileOf(file, star), name);
  }
  return 'local' in target ? localDeclaration(file, target.local) : elsewhere(file, target);
}

/** How a name is declared that a file uses: its own, or one it imports. */
export function localDeclaration(file: string, name: string): Declaration {
  const { declared, imported } = read(file);
  const own = declared.get(name);
  if (own !== undefined) return { name, from: file, text: own.texts.join('\n'), refersTo: [...own.refersTo] };
  const origin = imported.get(name);
  // A global of the language or of Node.js, or a type parameter.
  return origin === undefined
    ? { name, from: 'global', text: undefined, refersTo: [] }
    : elsewhere(file, origin);
}

function elsewhere(file: string, { specifier, name }: { specifier: string; name: string }): Declaration {
  if (specifier.startsWith('.')) return exportedDeclaration(fileOf(file, specifier), name);
  return { name, from: specifier, text: undefined, refersTo: [] };
}

function fileOf(from: string, specifier: string): string {
  const file = join(dirname(from), specifier.replace(/\.js$/, '.d.ts'));
  if (!existsSync(file)) throw new Error(`${from} refers to ${specifier}, which was not built`);
  return file;
}

function read(file: string): Source {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, text);
  const source: Source = { declared: new Map(), imported: new Map(), exported: new Map(), stars: [] };
  for (const statement of program.body as unknown as Node[]) take(source, statement, text, comments);
  sources.set(file, source);
  return source;
}

function take(source: Source, statement: Node, text: string, comments: readonly Span[]): void {
  const from = (statement['source'] as { value: string } | null | undefined)?.value;
  if (statement.type === 'ImportDeclaration') {
    for (const { local, imported } of (statement['specifiers'] as Specifier[]) ?? [])
      source.imported.set(local.name, { specifier: from ?? '', name: imported?.name ?? '*' });
  } else if (statement.type === 'ExportAllDeclaration') {
    source.stars.push(from ?? '');
  } else {
    const declaration = (statement['declaration'] as Node | null | undefined) ?? undefined;
    for (const { local, exported } of (statement['specifiers'] as Specifier[] | undefined) ?? [])
      source.exported.set(
        exported.name,
        from === undefined ? { local: local.name } : { specifier: from, name: local.name },
      );
    const node = declaration ?? (statement.type === 'ExportNamedDeclaration' ? undefined : statement);
    for (const name of node === undefined ? [] : namesOf(node)) {
      if (declaration !== undefined) source.exported.set(name, { local: name });
      const entry = source.declared.get(name) ?? { texts: [], refersTo: new Set() };
      entry.texts.push(signature(node as Node, text, comments));
      collectReferences(node, entry.refersTo);
      source.declared.set(name, entry);
    }
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Specifier {
  readonly local: { name: string };
  readonly exported: { name: string };
  readonly imported?: { name: string };
}

function namesOf(node: Node): string[] {
  const declarators = node['declarations'] as { id: { name: string } }[] | undefined;
  if (declarators !== undefined) return declarators.map(({ id }) => id.name);
  const id = node['id'] as { name?: string } | null | undefined;
  return id?.name === undefined ? [] : [id.name];
}

/** The declaration without comments, without what is private and without `export declare`. */
function signature(node: Node, text: string, comments: readonly Span[]): string {
  const members = (node['body'] as { body?: Node[] } | undefined)?.body ?? [];
  const hidden = node.type === 'ClassDeclaration' ? members.filter(isPrivate) : [];
  let result = text.slice(node.start, node.end);
  const cuts = [...comments, ...hidden].filter(({ start, end }) => start >= node.start && end <= node.end);
  for (const { start, end } of cuts.sort((one, other) => other.start - one.start))
    result = result.slice(0, start - node.start) + result.slice(end - node.start);
  return result
    .replace(/^declare /, '')
    .replace(/^\s*\n/gm, '')
    .replace(/[ \t]+$/gm, '');
}

function isPrivate(member: Node): boolean {
  const key = member['key'] as { type?: string; name?: string } | undefined;
  if (key?.type === 'PrivateIdentifier') return true;
  return member['accessibility'] === 'private' && key?.name !== 'constructor';
}

/** The identifiers in places where a declaration names another: types, `typeof`, `extends`, `implements`. */
function collectReferences(node: unknown, into: Set<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const one = node as Node;
  for (const place of ['typeName', 'exprName', 'superClass']) collectName(one[place], into);
  if (one.type === 'TSInterfaceHeritage' || one.type === 'TSClassImplements')
    collectName(one['expression'], into);
  if (one.type === 'ClassDeclaration') {
    const body = one['body'] as { body: Node[] };
    const visible = { ...one, body: { ...body, body: body.body.filter((member) => !isPrivate(member)) } };
    for (const child of Object.values(visible)) collectReferences(child, into);
    return;
  }
  for (const child of Object.values(one)) collectReferences(child, into);
}

function collectName(node: unknown, into: Set<string>): void {
  const { type, name, left } = (node ?? {}) as { type?: string; name?: string; left?: unknown };
  if (type === 'Identifier' && name !== undefined) into.add(name);
  if (type === 'TSQualifiedName') collectName(left, into);
}
