/** The titles of the tests in a file, read from its syntax: of those that run, and of those that never do. */
import ts from 'typescript';

/** Titles as they are written, placeholders included. */
export interface TestTitles {
  /** Tests that are run, and groups in which one is. On some machines only counts as run. */
  readonly run: ReadonlySet<string>;
  /** Skipped, to be written, or in such a group. */
  readonly notRun: ReadonlySet<string>;
}

/** The titles of a test file. */
export function testTitles(text: string): TestTitles {
  const file = ts.createSourceFile('x.test.ts', text, ts.ScriptTarget.Latest, true);
  const run = new Set<string>();
  const notRun = new Set<string>();
  const visit = (node: ts.Node, groups: readonly string[], skipped: boolean): void => {
    const call = callOf(node);
    if (call === undefined) {
      ts.forEachChild(node, (child) => visit(child, groups, skipped));
      return;
    }
    const off = skipped || call.skipped;
    if (call.kind === 'describe') {
      if (off) notRun.add(call.title);
      for (const argument of call.rest) visit(argument, [...groups, call.title], off);
    } else for (const title of [...groups, call.title]) (off ? notRun : run).add(title);
  };
  visit(file, [], false);
  for (const title of run) notRun.delete(title);
  return { run, notRun };
}

interface Call {
  readonly kind: 'describe' | 'it';
  readonly title: string;
  readonly skipped: boolean;
  readonly rest: readonly ts.Expression[];
}

/** `it('…')`, `describe.each(…)('…')`, `it.skip('…')` and their like. */
function callOf(node: ts.Node): Call | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [title, ...rest] = node.arguments;
  const chain = chainOf(node.expression);
  const kind =
    chain?.[0] === 'describe' ? 'describe' : /^(it|test)$/.test(chain?.[0] ?? '') ? 'it' : undefined;
  if (chain === undefined || kind === undefined || title === undefined || !ts.isStringLiteralLike(title))
    return undefined;
  const options = rest.some(
    (one) => ts.isObjectLiteralExpression(one) && /\b(skip|todo): true\b/.test(one.getText()),
  );
  return {
    kind,
    title: title.text,
    skipped: options || chain.some((name) => /^(skip|todo|fails)$/.test(name)),
    rest,
  };
}

/** `describe.skipIf(…).each` as `['describe', 'skipIf', 'each']`. */
function chainOf(expression: ts.Expression): readonly string[] | undefined {
  if (ts.isIdentifier(expression)) return [expression.text];
  if (ts.isCallExpression(expression) || ts.isTaggedTemplateExpression(expression))
    return chainOf(ts.isCallExpression(expression) ? expression.expression : expression.tag);
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const before = chainOf(expression.expression);
  return before === undefined ? undefined : [...before, expression.name.text];
}
