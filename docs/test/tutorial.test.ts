/** The steps of the tutorial's page are those of the tutorial: the same code, with its default settings written out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../apps/jwt-tutorial/src/config.ts';
import { fencesOf } from '../blocks/fences.ts';
import { root } from '../blocks/pages.ts';

const main = readFileSync(join(root, 'apps/jwt-tutorial/src/main.ts'), 'utf8');
const page = readFileSync(join(root, 'docs/guide/tutorial.md'), 'utf8');

/** The code of each step of the app, by its title. */
const program = stepsOf(main, /^ {2}\/\/ (?<title>\d+\. \w[\w ]*)[:;.]/gm, (text) =>
  // Without the rest of the comment, and the end of what holds all steps.
  text.slice(text.indexOf('\n')).replace(/\n\}\);\s*$/, ''),
);
/** The code of each step of the page. */
const shown = stepsOf(page.split('## Try it')[0] ?? '', /^\*\*(?<title>\d+\. \w[\w ]*)\.\*\*/gm, (text) =>
  fencesOf({ path: 'tutorial.md', text })
    .filter(({ hidden }) => !hidden)
    .flatMap(({ lines }) => lines)
    .join('\n'),
);

it('there are twelve steps, and the page has the titles of the program', () => {
  expect(program.map(({ title }) => Number.parseInt(title, 10))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ]);
  expect(shown.map(({ title }) => title)).toEqual(program.map(({ title }) => title));
});

describe.each(program.map(({ title, code }, index) => ({ title, code, page: shown[index]?.code ?? '' })))(
  '$title',
  ({ code, page: onPage }) => {
    it('is the same code', () => {
      expect(tokensOf(onPage)).toEqual(tokensOf(withDefaults(code)));
    });
  },
);

it('a difference is found, and layout is none', () => {
  expect(tokensOf('f({ a: 1 })')).toEqual(tokensOf('// x\nf({\n  a: 1,\n})'));
  expect(tokensOf('f({ a: 1 })')).not.toEqual(tokensOf('f({ a: 2 })'));
});

function stepsOf(
  text: string,
  heading: RegExp,
  codeOf: (text: string) => string,
): { title: string; code: string }[] {
  const headings = [...text.matchAll(heading)];
  return headings.map((match, index) => ({
    title: match.groups?.['title'] ?? '',
    code: codeOf(text.slice(match.index + match[0].length, headings[index + 1]?.index)),
  }));
}

/** `config.port` as `5000`; what is not set is not written. On the page the running server is kept, to be closed. */
function withDefaults(code: string): string {
  const config: Readonly<Record<string, unknown>> = { ...readConfig({}) };
  return (
    code
      .replace(/\bconfig\.(\w+)/g, (_all, name: string) => JSON.stringify(config[name]) ?? 'undefined')
      // The program warns of its published settings; a page has nothing to keep secret.
      .replace(/^.*\bpublished\b.*\n/gm, '')
      .replace('host: undefined, ', '')
      .replace(/\[("\w+")\]: /g, '$1: ')
      .replace('return server.start()', 'const running = await server.start()')
  );
}

/** The tokens of a program, without comments and commas at the end of a list; quotes are alike. */
function tokensOf(code: string): readonly string[] {
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren();
    if (children.length > 0) children.forEach(visit);
    else if (node.kind !== ts.SyntaxKind.SyntaxList && node.kind !== ts.SyntaxKind.EndOfFileToken) {
      const text = node.getText();
      if (/^[)}\]]$/.test(text) && tokens.at(-1) === ',') tokens.pop();
      tokens.push(/^["'](.*)["']$/.exec(text)?.[1] ?? text);
    }
  };
  visit(ts.createSourceFile('step.ts', code, ts.ScriptTarget.Latest, true));
  return tokens;
}
