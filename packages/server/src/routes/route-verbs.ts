/** The verbs a server and its groups share: `get`, `post`, `put`, `patch`, `delete`, all in terms of `route`. */
import type {
  GroupOptions,
  RouteBody,
  RouteHandler,
  RouteMethod,
  RouteOptionsIn,
  RouteState,
  Within,
} from './route.js';

/** The handler of a route with the options `Options` in a group with the options `Shared`. */
export type HandlerIn<Schemes extends object, Shared extends GroupOptions, Options> = RouteHandler<
  RouteState<Schemes, Within<Shared, Options>>,
  RouteBody<Options>
>;

/** Names of the schemes. */
type Names<Schemes extends object> = keyof Schemes & string;

/** Options of a route for a method whose body has no meaning (RFC 9110 §9.3.1, §9.3.5). */
type WithoutBody<Shared extends GroupOptions, Schemes extends object> = RouteOptionsIn<
  Shared,
  Names<Schemes>
> & { readonly body?: never };

/** What takes routes. `Shared` is what the group gives to each of them; a server gives nothing. */
export abstract class RouteVerbs<Schemes extends object, Shared extends GroupOptions> {
  /**
   * Registers one handler for several methods. Paths are those of @koa/router (`/users/:id`), exact in letter case and
   * in the slash at their end.
   *
   * A route runs in this order: authentication (401), policy (403), schemas (400 `invalid_input`, the body is read only
   * now and only with a `body` schema: 413, 415), handler. What the schemas gave is `ctx.state.input`.
   *
   * @throws TypeError for a route without `auth`, an unknown scheme, method or option, a path that is taken, reserved or
   * no path, a policy without a scheme, a body for GET or DELETE, and for every route after `start()` or `callback()`
   * @example
   * ```ts
   * server.route(['GET', 'POST'], '/token/new', { auth: 'BasicInit' }, issue);
   * ```
   */
  abstract route<const Options extends RouteOptionsIn<Shared, Names<Schemes>>>(
    methods: readonly RouteMethod[],
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this;

  /**
   * Registers a GET route; HEAD comes with it.
   *
   * @throws TypeError for whatever `route` throws
   * @example
   * ```ts
   * server.get('/hello', { auth: 'Bearer' }, (ctx) => { ctx.body = `Hello ${ctx.state.auth.name}`; });
   * server.get('/about', { auth: false }, (ctx) => { ctx.body = 'open to all'; });
   * ```
   */
  get<const Options extends WithoutBody<Shared, Schemes>>(
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    return this.route(['GET'], path, options, handler);
  }

  /**
   * Registers a POST route.
   *
   * @throws TypeError for whatever `route` throws
   * @example
   * ```ts
   * const body = z.object({ name: z.string().min(1) });
   * server.post('/users', { auth: 'Bearer', body }, (ctx) => { ctx.body = { hello: ctx.state.input.body.name }; });
   * ```
   */
  post<const Options extends RouteOptionsIn<Shared, Names<Schemes>>>(
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    return this.route(['POST'], path, options, handler);
  }

  /** Registers a PUT route, as {@link post} does for POST. */
  put<const Options extends RouteOptionsIn<Shared, Names<Schemes>>>(
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    return this.route(['PUT'], path, options, handler);
  }

  /** Registers a PATCH route, as {@link post} does for POST. */
  patch<const Options extends RouteOptionsIn<Shared, Names<Schemes>>>(
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    return this.route(['PATCH'], path, options, handler);
  }

  /** Registers a DELETE route, as {@link get} does for GET. */
  delete<const Options extends WithoutBody<Shared, Schemes>>(
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    return this.route(['DELETE'], path, options, handler);
  }
}
