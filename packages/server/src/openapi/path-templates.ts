/** Paths of @koa/router in the words of OpenAPI: `/users/:id{/:part}` is `/users/{id}` and `/users/{id}/{part}`. */
import { parse, type Token } from 'path-to-regexp';

/** One path template (OpenAPI 3.1 §4.8.8), with the names in its braces in order. */
export interface PathTemplate {
  readonly template: string;
  readonly names: readonly string[];
}

const EMPTY: PathTemplate = Object.freeze({ template: '', names: Object.freeze([]) });

/** The templates of a path, more than one when parts of it are optional. */
export function pathTemplates(path: string): readonly PathTemplate[] {
  return expand(parse(path).tokens);
}

/** A template without its names: two that differ in names alone must not stand in one document. */
export function shapeOf(template: string): string {
  return template.replaceAll(/\{[^}]*\}/g, '{}');
}

function expand(tokens: readonly Token[]): readonly PathTemplate[] {
  return tokens.reduce<readonly PathTemplate[]>(
    (before, token) => before.flatMap((start) => variants(token).map((end) => joined(start, end))),
    [EMPTY],
  );
}

function variants(token: Token): readonly PathTemplate[] {
  if (token.type === 'group') return [EMPTY, ...expand(token.tokens)];
  if (token.type === 'text')
    return [{ template: token.value.replaceAll(/[{}]/g, encodeURIComponent), names: [] }];
  return [{ template: `{${token.name}}`, names: [token.name] }];
}

function joined(start: PathTemplate, end: PathTemplate): PathTemplate {
  return { template: start.template + end.template, names: [...start.names, ...end.names] };
}
