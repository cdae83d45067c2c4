/** Every error code that stands in the sources of the packages, with the words beside it: read from the syntax, so that none is forgotten. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../blocks/pages.ts';

/** A code where it is written. */
export interface SourceCode {
  readonly code: string;
  /** What was wrong and what to do, where both stand beside the code. A part that is computed is `…`. */
  readonly hint: string | undefined;
  readonly fix: string | undefined;
}

/** Codes of Node.js that are compared with, and the label of what went well. */
const NOT_OURS: ReadonlySet<string> = new Set([
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'ETIMEDOUT',
  'ok',
]);
const PATTERN = 'packages/{jwt,auth,server}/src/**/*.ts';

/** The codes of all packages, each as often as it is written. */
export function codesOfSources(): readonly SourceCode[] {
  const texts = globSync(PATTERN, { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8'));
  const shared = new Map(texts.flatMap(sharedFunctions));
  return texts.flatMap((text) => codesIn(text, shared));
}

/** Functions that a file gives to others, by name. */
type SharedFunctions = ReadonlyMap<string, ts.FunctionDeclaration>;

function sharedFunctions(text: string): [string, ts.FunctionDeclaration][] {
  return parsed(text).statements.flatMap((one) => {
    const isShared =
      ts.isFunctionDeclaration(one) &&
      one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    return isShared && one.name !== undefined && codeParameterOf(one) !== -1 ? [[one.name.text, one]] : [];
  });
}

function codeParameterOf({ parameters }: ts.FunctionDeclaration): number {
  return parameters.findIndex(({ name }) => name.getText() === 'code');
}

function parsed(text: string): ts.SourceFile {
  return ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
}

/**
 * The codes of one file: what is assigned to a member `code`, what is given to a parameter `code` of a function of the
 * file or one that is shared, and whatever begins with `ERR_`.
 */
export function codesIn(text: string, shared: SharedFunctions = new Map()): readonly SourceCode[] {
  const file = parsed(text);
  const found: SourceCode[] = [];
  const add = (code: ts.Node | undefined, words: Words = {}) => {
    if (code !== undefined && ts.isStringLiteral(code) && !NOT_OURS.has(code.text))
      found.push({ code: code.text, hint: words.hint, fix: words.fix });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) add(member(node, 'code'), wordsIn(node, file));
    else if (ts.isPropertyDeclaration(node) && node.name.getText() === 'code') add(node.initializer);
    else if (ts.isCallExpression(node)) {
      const name = node.expression.getText();
      const called = functionNamed(name, file) ?? shared.get(name);
      const index = called === undefined ? -1 : codeParameterOf(called);
      if (called !== undefined && index !== -1) add(node.arguments[index], wordsOfCall(node, called, file));
    } else if (ts.isStringLiteral(node) && /^ERR_[A-Z_]+$/.test(node.text)) add(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

interface Words {
  hint?: string | undefined;
  fix?: string | undefined;
}

function wordsIn(object: ts.ObjectLiteralExpression, file: ts.SourceFile): Words {
  return { hint: textOf(member(object, 'hint'), file), fix: textOf(member(object, 'fix'), file) };
}

/** From an object that is given with the code, else from a parameter `hint` and from what the function says itself. */
function wordsOfCall(call: ts.CallExpression, called: ts.FunctionDeclaration, file: ts.SourceFile): Words {
  const object = call.arguments.find((argument) => ts.isObjectLiteralExpression(argument));
  if (object !== undefined) return wordsIn(object, file);
  const index = called.parameters.findIndex(({ name }) => name.getText() === 'hint');
  return { hint: textOf(call.arguments[index], file), fix: textOf(firstFix(called), file) };
}

function firstFix(within: ts.Node): ts.Expression | undefined {
  const own = ts.isObjectLiteralExpression(within) ? member(within, 'fix') : undefined;
  return own ?? ts.forEachChild(within, firstFix);
}

function member(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = object.properties.find((one) => one.name?.getText() === name);
  return property !== undefined && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

function functionNamed(name: string, file: ts.SourceFile): ts.FunctionDeclaration | undefined {
  return file.statements.find(
    (one): one is ts.FunctionDeclaration => ts.isFunctionDeclaration(one) && one.name?.text === name,
  );
}

function textOf(node: ts.Node | undefined, file: ts.SourceFile): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  return ts.isIdentifier(node) ? textOf(constantNamed(node.text, file), file) : undefined;
}

function constantNamed(name: string, file: ts.SourceFile): ts.Expression | undefined {
  const lists = file.statements.filter((one) => ts.isVariableStatement(one));
  const all = lists.flatMap(({ declarationList }) => [...declarationList.declarations]);
  return all.find((one) => one.name.getText() === name)?.initializer;
}
