/** The server after `enable()`: it takes routes and middleware, and starts. Its configuration is locked. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { createApplication } from './application.js';
import type { CloseHook } from './close-hooks.js';
import type { Configuration } from './configuration.js';
import { keySetEndpoint, publicKeySet } from './key-set.js';
import { checkListener } from './listeners/listener.js';
import { noteListeners } from './listeners/plain-http.js';
import { refuseUnknownOptions } from './nearest-name.js';
import { createMetrics, type Metrics } from './observability/metrics.js';
import { METRICS_PATH, protectedMetrics } from './observability/metrics-endpoint.js';
import { checkInfo, type OpenApiDocument, type OpenApiInfo, openApiDocument } from './openapi/document.js';
import { OPENAPI_OPTIONS, type OpenApiOptions, openApiEndpoint } from './openapi/endpoint.js';
import { health, type Readiness, ready } from './readiness.js';
import type { GroupOptions, RouteMethod, RouteOptions, Within } from './routes/route.js';
import { RouteGroup, type RouteParent } from './routes/route-group.js';
import { RouteTable } from './routes/route-table.js';
import { type HandlerIn, RouteVerbs } from './routes/route-verbs.js';
import { type RunningServer, type StartOptions, startServer } from './running-server.js';
import { type TestClient, testClient } from './testing/test-client.js';

/** Answers a Node request: what `server.callback()` gives. */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse) => void;

/** A server gives nothing of its own to its routes; a group does. */
type NothingShared = Record<never, never>;

/** A server whose configuration is locked. `Schemes` has the names its routes may use. */
export class Server<Schemes extends object = Record<never, never>> extends RouteVerbs<
  Schemes,
  NothingShared
> {
  readonly #configuration: Configuration;
  readonly #routes: RouteTable;
  readonly #middleware: Middleware[] = [];
  /** Ready from the start for a Node server of one's own, which `callback()` is for. */
  readonly #readiness: Readiness = { state: 'ready' };
  readonly #closeHooks: CloseHook[] = [];
  readonly #metrics: Metrics | undefined;
  #handler: NodeHandler | undefined;
  #started = false;

  /** @internal Comes from `enable()`. */
  constructor(configuration: Configuration) {
    super();
    this.#configuration = configuration;
    noteListeners(this, configuration.listeners);
    this.#routes = new RouteTable(configuration.schemes, configuration.limits.bodyLimit);
    this.#routes.reserve('/healthz', health());
    this.#routes.reserve('/readyz', ready(this.#readiness));
    this.#routes.reserve('/.well-known/jwks.json', keySetEndpoint(configuration.keySet));
    const { metrics } = configuration;
    const { schemeNames } = this.#routes;
    const nameOf = (ctx: Context, kind: string) => schemeNames.nameOf(ctx, kind);
    this.#metrics = metrics && createMetrics({ schemes: configuration.schemes, nameOf });
    if (this.#metrics !== undefined && metrics !== undefined && 'scheme' in metrics) {
      schemeNames.note(['GET'], METRICS_PATH, [metrics]);
      this.#routes.reserve(METRICS_PATH, protectedMetrics(this.#metrics, metrics));
    }
  }

  /** The name given to `createServer`. */
  get name(): string {
    return this.#configuration.name;
  }

  /** The log of the server. */
  get log(): Logger {
    return this.#configuration.log;
  }

  route<const Options extends RouteOptions<keyof Schemes & string>>(
    methods: readonly RouteMethod[],
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, NothingShared, Options>,
  ): this {
    this.#refuseWhenSealed('Register every route');
    this.#routes.add(methods, path, options, handler as unknown as Middleware);
    return this;
  }

  /**
   * A group of routes: the prefix stands before their paths, and `auth`, `policy` and `tags` are theirs too. A route may
   * name another scheme, or `auth: false`; a policy of its own comes on top of the group's. Groups nest.
   *
   * @throws TypeError for a prefix that does not start with a slash or ends with one, and for an unknown option
   * @example
   * ```ts
   * const admin = server.group('/admin', { auth: 'Bearer', policy: hasRole('admin') });
   * admin.get('/users', {}, listUsers);
   * admin.group('/keys', { policy: hasScope('keys') }).post('/rotate', {}, rotate);
   * ```
   */
  group<const Shared extends GroupOptions<keyof Schemes & string>>(
    prefix: string,
    options: Shared,
  ): RouteGroup<Schemes, Within<NothingShared, Shared>> {
    this.#refuseWhenSealed('Make every group');
    return new RouteGroup(this as RouteParent, prefix, options);
  }

  /**
   * Serves the OpenAPI 3.1 document of every route at `/openapi.json`. It is a list of all there is to attack, so it is
   * served only on request, and says like any route who may read it.
   *
   * @throws TypeError for whatever `route` throws, and for a version or description that is no text
   * @example
   * ```ts
   * server.openapi({ auth: 'Bearer', policy: hasRole('developer'), version: '2.1.0' });
   * ```
   */
  openapi(options: OpenApiOptions<keyof Schemes & string>): this {
    refuseUnknownOptions(options, OPENAPI_OPTIONS, 'openapi()');
    const { path = '/openapi.json', version, description, ...access } = options;
    this.#refuseWhenSealed('Call openapi()');
    checkInfo({ version, description });
    const endpoint = openApiEndpoint(() => this.openApiDocument({ version, description }));
    const summary = 'This document.';
    this.#routes.add(['GET'], path, { ...access, summary }, endpoint);
    return this;
  }

  /** The OpenAPI 3.1 document of the routes registered so far, for a file or for tests. Those the server answers itself are not in it. */
  openApiDocument(info: OpenApiInfo = {}): OpenApiDocument {
    checkInfo(info);
    const { name: title, schemes, log } = this.#configuration;
    return openApiDocument({ title, info, routes: this.#routes.registered, schemes, log });
  }

  /**
   * Adds Koa middleware that runs before the routes, in the order given.
   *
   * @throws TypeError when it is no function, and after `start()` or `callback()`
   */
  use(middleware: Middleware): this {
    this.#refuseWhenSealed('Add every middleware');
    if (typeof middleware !== 'function')
      throw new TypeError('.use(middleware) takes Koa middleware: (ctx, next) => …');
    this.#middleware.push(middleware);
    return this;
  }

  /**
   * Adds what is to be closed with the server: called by `close()` after the last request was answered, the last added
   * first, and waited for within `shutdownTimeout`.
   *
   * @throws TypeError when it is no function
   * @example
   * ```ts
   * server.onClose(() => store.close());
   * ```
   */
  onClose(hook: CloseHook): this {
    if (typeof hook !== 'function')
      throw new TypeError('.onClose(hook) takes a function: () => store.close()');
    this.#closeHooks.push(hook);
    return this;
  }

  /** The handler of requests, for a Node server of one's own or for tests; no listener is opened. */
  callback(): NodeHandler {
    this.#handler ??= createApplication(
      this.#configuration,
      this.#middleware,
      this.#routes.middleware(),
      this.#metrics,
    ).callback();
    return this.#handler;
  }

  /**
   * Opens every listener. It can be called again after it failed, not after it succeeded.
   *
   * @throws ListenError when an address cannot be bound, CertificateError when there is no usable certificate, and
   * TypeError without a listener, when already started, or when `.jwks()` would publish a private key
   */
  async start(options: StartOptions = {}): Promise<RunningServer> {
    if (this.#configuration.listeners.length === 0) {
      throw new TypeError(
        'start(): there is no listener. Add .listener({ port: 5000 }) before .enable(), or use callback().',
      );
    }
    if (this.#started)
      throw new TypeError('start(): this server was started already. Call .enable() again for another one.');
    publicKeySet(this.#configuration.keySet);
    this.#started = true;
    try {
      const parts = { handler: this.callback(), readiness: this.#readiness, metrics: this.#metrics };
      return await startServer(this.#configuration, { ...parts, closeHooks: this.#closeHooks }, options);
    } catch (error) {
      this.#started = false;
      this.#readiness.state = 'ready';
      throw error;
    }
  }

  /**
   * Starts this server for a test: on a free port of 127.0.0.1, plain HTTP, whatever its listeners are, and gives a client.
   * It answers for that address besides the names of `.security({ hosts })`.
   * Closing the client ends it, and calls no hook of `onClose()`: other clients may still use what they close.
   *
   * @example
   * ```ts
   * await using client = await server.test();
   * const answer = await client.get('/token/new', { basic: ['admin', 'password'] });
   * ```
   */
  async test(): Promise<TestClient> {
    const host = '127.0.0.1';
    const listeners = [{ ...checkListener({ port: 0, host }), answersAlsoFor: [host] }];
    const configuration = { ...this.#configuration, listeners };
    const parts = {
      handler: this.callback(),
      readiness: { state: 'ready' } as const,
      metrics: undefined,
      closeHooks: [],
    };
    const running = await startServer(configuration, parts, { signals: false });
    return testClient(running.url, () => running.close());
  }

  #refuseWhenSealed(what: string): void {
    if (this.#handler === undefined) return;
    throw new TypeError(`${what} before start() or callback(): the server takes requests already.`);
  }
}
