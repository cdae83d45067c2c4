/** The routes of a server: checked when they are registered, matched by @koa/router. */
import Router from '@koa/router';
import { authenticate, authorize, type Policy, type Scheme } from '@tokenwright/auth';
import type { Context, Middleware, Next } from 'koa';
import { nearestName, refuseUnknownOptions } from '../nearest-name.js';
import { refuse } from '../requests/refusals.js';
import { MEDIA_TYPES, METHODS_WITH_BODY } from './body.js';
import { checkDocumentation } from './documentation.js';
import { INPUT_PARTS, inputCheck } from './input.js';
import { knownPaths } from './known-paths.js';
import { checkPolicy } from './policy-check.js';
import type { RouteMethod, RouteOptions } from './route.js';
import { SchemeNames } from './scheme-names.js';
import { isStandardSchema } from './standard-schema.js';

/** A route as it was registered. */
export interface RegisteredRoute {
  readonly methods: readonly string[];
  readonly path: string;
  readonly options: RouteOptions;
}

const OPTIONS: readonly (keyof RouteOptions)[] = [
  'auth',
  'policy',
  'body',
  'bodyTypes',
  'query',
  'params',
  'headers',
  'response',
  'jsonSchema',
  'summary',
  'description',
  'tags',
];
const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] satisfies RouteMethod[];

/** The routes of one server. Paths are exact: letter case and a slash at the end count. */
export class RouteTable {
  readonly #router = new Router({ sensitive: true, strict: true });
  readonly #schemes: ReadonlyMap<string, Scheme<object>>;
  readonly #bodyLimit: number;
  readonly #taken = new Set<string>();
  readonly #reserved = new Set<string>();
  readonly #registered: RegisteredRoute[] = [];
  /** Under which name a scheme of a route stands. */
  readonly schemeNames: SchemeNames = new SchemeNames();

  /** @param bodyLimit - bytes */
  constructor(schemes: ReadonlyMap<string, Scheme<object>>, bodyLimit: number) {
    this.#schemes = schemes;
    this.#bodyLimit = bodyLimit;
  }

  /** The routes in the order of their registration, without those the server answers itself. */
  get registered(): readonly RegisteredRoute[] {
    return this.#registered;
  }

  /** Adds a path the server answers itself and no user may register. */
  reserve(path: string, handler: Middleware): void {
    this.#reserved.add(path);
    this.#router.get(path, handler);
  }

  /**
   * Adds a route.
   *
   * @throws TypeError for a bad or taken path, an unknown method, scheme or option, no `auth`, a policy without `auth`,
   * what is no schema or no documentation, or a body for a method that has none
   */
  add(methods: readonly string[], path: string, options: RouteOptions, handler: Middleware): void {
    const where = `${methods.join(', ')} ${path}`;
    this.#checkPath(methods, path, where);
    if (typeof handler !== 'function')
      throw new TypeError(`${where}: the handler is missing. It comes after the options.`);
    const guards = this.#guards(methods, path, options, where);
    checkSchemas(methods, options, where);
    checkDocumentation(options, where);
    const check = inputCheck(options, this.#bodyLimit);
    // Guards first: a stranger learns nothing of what a route takes.
    const way = [...guards, ...(check === undefined ? [] : [check]), handler];
    this.#router.register(path, [...methods], way);
    for (const method of methods) this.#taken.add(`${method} ${path}`);
    this.#registered.push(Object.freeze({ methods: [...methods], path, options: { ...options } }));
  }

  /** The middleware that dispatches, and answers for itself what no route does: 404, 405, `OPTIONS`. */
  middleware(): Middleware[] {
    return [knownPaths(this.#router), (ctx, next) => this.#unmatched(ctx, next)];
  }

  #checkPath(methods: readonly string[], path: string, where: string): void {
    if (methods.length === 0)
      throw new TypeError(`route(): name at least one method: ${METHODS.join(', ')}.`);
    if (typeof path !== 'string' || !path.startsWith('/')) {
      throw new TypeError(`${where}: the path has to be a string that starts with '/'.`);
    }
    if (this.#reserved.has(path))
      throw new TypeError(`${where}: the server answers ${path} itself. Choose another path.`);
    for (const [index, method] of methods.entries()) {
      if (!METHODS.includes(method)) {
        throw new TypeError(
          `${where}: '${method}' cannot be registered. Known are ${METHODS.join(', ')}; HEAD comes with GET.`,
        );
      }
      if (this.#taken.has(`${method} ${path}`) || methods.indexOf(method) !== index) {
        throw new TypeError(`${method} ${path} is registered twice. Remove one of the two.`);
      }
    }
  }

  #guards(methods: readonly string[], path: string, options: RouteOptions, where: string): Middleware[] {
    if (options?.auth === undefined) {
      throw new TypeError(
        `${where} does not say who may call it. Name a scheme (auth: 'Bearer'), or use auth: false for an open route.`,
      );
    }
    refuseUnknownOptions(options, OPTIONS, where);
    const { auth, policy } = options;
    if (auth === false) {
      if (policy === undefined) return [];
      throw new TypeError(
        `${where} has a policy but auth: false: a policy judges a principal, so name a scheme.`,
      );
    }
    const names: readonly string[] = typeof auth === 'string' ? [auth] : auth;
    if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
      throw new TypeError(
        `${where}: auth is the name of a scheme, a list of names, or false for an open route. Known are ${this.#known()}.`,
      );
    }
    checkPolicy(policy, where);
    const named = names.map((name) => ({ name, scheme: this.#scheme(name, where) }));
    const [first, ...rest] = this.schemeNames.note(methods, path, named);
    if (first === undefined)
      throw new TypeError(`${where}: auth is an empty list. Name a scheme, or use auth: false.`);
    const guard = authenticate([first, ...rest]) as Middleware;
    return policy === undefined ? [guard] : [guard, authorize(policy as Policy) as Middleware];
  }

  #scheme(name: string, where: string): Scheme<object> {
    const scheme = this.#schemes.get(name);
    if (scheme !== undefined) return scheme;
    const meant = nearestName(name, [...this.#schemes.keys()]);
    throw new TypeError(
      `${where}: no scheme is called '${name}'.${meant === undefined ? '' : ` Did you mean '${meant}'?`} Known are ${this.#known()}.`,
    );
  }

  #known(): string {
    const names = [...this.#schemes.keys()];
    return names.length === 0
      ? 'none: add one with .scheme(name, scheme) before .enable()'
      : names.join(', ');
  }

  #unmatched(ctx: Context, next: Next): unknown {
    const matched: readonly { methods: string[] }[] = ctx['matched'] ?? [];
    const methods = new Set(matched.flatMap((layer) => layer.methods));
    // A route that called next() has run already: it is not "no such method".
    if (methods.size === 0 || methods.has(ctx.method)) return next();
    const allow = [...methods, 'OPTIONS'].join(', ');
    if (ctx.method !== 'OPTIONS') return refuse(ctx, 405, { headers: { Allow: allow } });
    ctx.status = 204;
    ctx.set('Allow', allow);
    return undefined;
  }
}

function checkSchemas(methods: readonly string[], options: RouteOptions, where: string): void {
  for (const part of [...INPUT_PARTS, 'response'] as const) {
    if (options[part] === undefined || isStandardSchema(options[part])) continue;
    throw new TypeError(
      `${where}: ${part} is no schema. Give one of zod 4, valibot or another Standard Schema library.`,
    );
  }
  const { body, bodyTypes } = options;
  const bodiless = methods.find((method) => !METHODS_WITH_BODY.includes(method));
  if (body !== undefined && bodiless !== undefined) {
    throw new TypeError(
      `${where}: a body has no meaning in ${bodiless}. Use query or params, or one of ${METHODS_WITH_BODY.join(', ')}.`,
    );
  }
  if (bodyTypes === undefined) return;
  if (body === undefined)
    throw new TypeError(`${where} has bodyTypes but no body. Give the schema of the body.`);
  const known = Array.isArray(bodyTypes) && bodyTypes.every((type) => Object.hasOwn(MEDIA_TYPES, type));
  if (!known || bodyTypes.length === 0)
    throw new TypeError(`${where}: bodyTypes is a list of ${Object.keys(MEDIA_TYPES).join(', ')}.`);
}
