/** Checks what a route, a group or a document says of itself for OpenAPI: a wrong type would make the document invalid. */
import type { DocumentationOptions } from './route.js';

/**
 * Checks `summary`, `description`, `tags` and `jsonSchema` of a route.
 *
 * @throws TypeError for one of another type
 */
export function checkDocumentation(options: DocumentationOptions, where: string): void {
  const { summary, description, tags, jsonSchema } = options;
  checkText(summary, `${where}: summary`);
  checkText(description, `${where}: description`);
  checkTags(tags, where);
  if (jsonSchema === undefined) return;
  for (const schema of [jsonSchema, ...Object.values(jsonSchema ?? {})]) {
    if (schema === undefined || (typeof schema === 'object' && schema !== null && !Array.isArray(schema)))
      continue;
    throw new TypeError(`${where}: jsonSchema has to hold JSON Schemas, as { body: { type: 'object' } }.`);
  }
}

/** @throws TypeError for what is neither text nor undefined */
export function checkText(given: unknown, what: string): void {
  if (given === undefined || typeof given === 'string') return;
  throw new TypeError(`${what} has to be text.`);
}

/** @throws TypeError for what is no list of texts */
export function checkTags(given: unknown, where: string): void {
  if (given === undefined || (Array.isArray(given) && given.every((tag) => typeof tag === 'string'))) return;
  throw new TypeError(`${where}: tags has to be a list of texts, as ['users'].`);
}
