/** The routes of a server as an OpenAPI 3.1 document. */
import type { Scheme } from '@tokenwright/auth';
import type { Logger } from 'pino';
import { checkText } from '../routes/documentation.js';
import type { RegisteredRoute } from '../routes/route-table.js';
import { type Lost, SharedSchemas } from './json-schema.js';
import { operation } from './operation.js';
import { type PathTemplate, pathTemplates, shapeOf } from './path-templates.js';
import { PROBLEM_RESPONSES, PROBLEM_SCHEMAS } from './problem-responses.js';
import { securitySchemes } from './security-schemes.js';

/** What the document says of the service as a whole. */
export interface OpenApiInfo {
  /** The version of the interface. Default `'1.0.0'`. */
  readonly version?: string | undefined;
  /** CommonMark. */
  readonly description?: string | undefined;
}

/** An OpenAPI document, as far as programs that pass it on have to know it. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  /** By path template, then by method in small letters. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, object>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** What a document is made of. */
export interface DocumentFacts {
  readonly title: string;
  readonly info: OpenApiInfo;
  readonly routes: readonly RegisteredRoute[];
  readonly schemes: ReadonlyMap<string, Scheme<object>>;
  readonly log: Logger;
}

/** @throws TypeError for a version or description that is no text */
export function checkInfo({ version, description }: OpenApiInfo): void {
  checkText(version, 'openapi(): version');
  checkText(description, 'openapi(): description');
}

/** Builds the document. Schemes that no route uses are not in it. */
export function openApiDocument({ title, info, routes, schemes, log }: DocumentFacts): OpenApiDocument {
  const used = new Set(routes.flatMap(({ options: { auth } }) => auth || []));
  const security = securitySchemes(new Map([...schemes].filter(([name]) => used.has(name))));
  const schemas = new SharedSchemas();
  const paths = new Paths();
  for (const route of routes) {
    for (const path of pathTemplates(route.path)) {
      for (const method of route.methods) {
        const { pathNames, operationId, add } = paths.place(path, method);
        const { options } = route;
        const lost: Lost = (part, reason) =>
          log.warn(
            { method, path: path.template, part, reason },
            `OpenAPI: ${method} ${path.template}: not all of ${part} can be said in JSON Schema. Give jsonSchema: { ${part} }.`,
          );
        add(operation({ operationId, options, pathNames, securityNames: security.names, schemas, lost }));
      }
    }
  }
  const { version = '1.0.0', description } = info;
  return {
    openapi: '3.1.1',
    info: { title, version, ...(description === undefined ? {} : { description }) },
    paths: paths.all,
    components: {
      schemas: { ...schemas.all, ...PROBLEM_SCHEMAS },
      responses: PROBLEM_RESPONSES,
      securitySchemes: security.objects,
    },
  };
}

/** The Paths Object while it is filled. */
class Paths {
  readonly #items: Record<string, Record<string, object>> = {};
  readonly #shapes = new Map<string, PathTemplate>();
  readonly #operationIds = new Set<string>();

  get all(): OpenApiDocument['paths'] {
    return this.#items;
  }

  /** Where an operation goes. Paths that differ in the names of their parameters alone share the first one's names. */
  place({ template, names }: PathTemplate, method: string) {
    const shape = shapeOf(template);
    const first = this.#shapes.get(shape) ?? { template, names };
    this.#shapes.set(shape, first);
    this.#items[first.template] ??= {};
    const item = this.#items[first.template] as Record<string, object>;
    return {
      pathNames: names.map((own, index) => ({ own, shown: first.names[index] ?? own })),
      operationId: this.#freeId(method, template),
      add: (made: object) => {
        item[method.toLowerCase()] ??= made;
      },
    };
  }

  /** `GET /users/{id}` is `getUsersId`. */
  #freeId(method: string, template: string): string {
    const words = template.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
    const plain = method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
    const safe = plain.replaceAll(/[^A-Za-z0-9]/g, '_');
    let free = safe;
    for (let count = 2; this.#operationIds.has(free); count++) free = `${safe}${count}`;
    this.#operationIds.add(free);
    return free;
  }
}
