/** `createServer` and the builder behind it: immutable, checked at each call, locked by `enable()`. */
import type { PrincipalClaims, Scheme } from '@tokenwright/auth';
import type { Configuration } from './configuration.js';
import type { KeySetSource } from './key-set.js';
import { checkListener, type ListenerOptions } from './listeners/listener.js';
import { refusePlainHttp } from './listeners/plain-http.js';
import { type LoggerChoice, loggerFrom, silentLogger } from './logger.js';
import { refuseCalls } from './misplaced-calls.js';
import { checkMetrics, type MetricsOptions } from './observability/metrics-endpoint.js';
import { DEFAULT_LIMITS, type RuntimeOptions, readLimits } from './runtime.js';
import { DEFAULT_SECURITY, readSecurity, type SecurityOptions } from './security.js';
import { Server } from './server.js';

/**
 * Starts the configuration of a server.
 *
 * @param name - stands in the log
 * @throws TypeError when the name is empty, or no text
 * @example
 * ```ts
 * const server = createServer('Auth JWT')
 *   .logger()
 *   .listener({ port: 5000, tls: 'self-signed' })
 *   .scheme('Bearer', bearer(validator))
 *   .enable();
 * ```
 */
export function createServer(name: string): ServerBuilder {
  if (typeof name !== 'string') {
    throw new TypeError(
      "createServer(name): the name comes first, and options in calls of their own: createServer('Auth JWT').listener({ port: 5000 }).",
    );
  }
  if (name.trim() === '') {
    throw new TypeError(
      "createServer(name): the name is empty. Give the service one, for example 'Auth JWT'.",
    );
  }
  return new ServerBuilder({
    name,
    log: silentLogger(),
    audit: undefined,
    listeners: [],
    limits: DEFAULT_LIMITS,
    security: DEFAULT_SECURITY,
    metrics: undefined,
    schemes: new Map(),
    keySet: undefined,
  });
}

/**
 * The configuration of a server before it is locked. Every call gives a new builder and leaves this one as it was.
 * `Schemes` gathers the names of the schemes, each with the claims its principals carry.
 */
export class ServerBuilder<Schemes extends object = Record<never, never>> {
  readonly #configuration: Configuration;

  /** @internal Use {@link createServer}. */
  constructor(configuration: Configuration) {
    this.#configuration = Object.freeze(configuration);
    Object.freeze(this);
  }

  /**
   * Writes a log: readable on a terminal, JSON elsewhere. Without this call the server is silent.
   *
   * @param choice - options of pino (`{ level: 'debug' }`), or a pino logger, which is used as it is
   * @throws TypeError for an option that pino has not
   */
  logger(choice?: LoggerChoice): ServerBuilder<Schemes> {
    return this.#with({ log: loggerFrom('.logger()', this.#configuration.name, choice) });
  }

  /**
   * Adds an address to listen on. Called several times, the server listens on all of them.
   *
   * @throws TypeError for an unknown option, a bad port, or TLS material that does not fit together
   */
  listener(options: ListenerOptions): ServerBuilder<Schemes> {
    return this.#with({ listeners: [...this.#configuration.listeners, checkListener(options)] });
  }

  /**
   * Sets the limits of the runtime; what is left out keeps its value.
   *
   * @throws TypeError for an unknown option or a value out of range
   */
  runtime(options: RuntimeOptions): ServerBuilder<Schemes> {
    return this.#with({ limits: readLimits(options, this.#configuration.limits) });
  }

  /**
   * Sets whose `Host` is answered, whose `X-Forwarded-*` is believed, and what browsers are told; what is left out keeps
   * its value.
   *
   * @throws TypeError for an unknown option or a value that cannot mean what it says, such as CORS for `'*'` with credentials
   */
  security(options: SecurityOptions): ServerBuilder<Schemes> {
    return this.#with({ security: readSecurity(options, this.#configuration.security) });
  }

  /**
   * Writes audit events (who was let in, who was refused and why, who got a token, who signed in and out by cookie) to a
   * log of their own. Without this call refusals and issued tokens stand in the log of the server, marked
   * `channel: 'audit'`.
   *
   * @param choice - options of pino, or a pino logger, for example on a file of its own
   * @throws TypeError for an option that pino has not
   */
  audit(choice: LoggerChoice): ServerBuilder<Schemes> {
    return this.#with({ audit: loggerFrom('.audit()', this.#configuration.name, choice) });
  }

  /**
   * Counts requests, outcomes of authentication, latency and the delay of the event loop, and serves them to Prometheus
   * at `/metrics`: on a listener of its own, or behind a scheme. Without this call nothing is counted.
   *
   * @throws TypeError for neither or both, or a scheme that was not added before
   * @example
   * ```ts
   * createServer('Auth JWT').metrics({ listener: { port: 9464 } });
   * ```
   */
  metrics(options: MetricsOptions<keyof Schemes & string>): ServerBuilder<Schemes> {
    return this.#with({ metrics: checkMetrics(options, this.#configuration.schemes) });
  }

  /**
   * Adds an authentication scheme under a name that routes refer to.
   *
   * @throws TypeError when the name is taken, empty or `__proto__`, or `scheme` is none
   */
  scheme<const Name extends string, Claims extends object = PrincipalClaims>(
    name: Name extends keyof Schemes ? never : Name,
    scheme: Scheme<Claims>,
  ): ServerBuilder<Schemes & Record<Name, Claims>> {
    const { schemes } = this.#configuration;
    if (typeof name !== 'string' || name === '')
      throw new TypeError('.scheme(name, scheme): the name is empty.');
    // Whoever reads the OpenAPI document would lose it, or worse: to objects this name is their prototype.
    if (name === '__proto__') throw new TypeError(".scheme(): '__proto__' cannot be the name of a scheme.");
    if (schemes.has(name)) {
      throw new TypeError(
        `.scheme(): the name '${name}' is taken already. Give each scheme a name of its own.`,
      );
    }
    if (typeof scheme?.authenticate !== 'function' || typeof scheme.challenge !== 'function') {
      throw new TypeError(
        `.scheme('${name}', …): this is no scheme. Give basic({ … }), bearer(validator) or one of your own.`,
      );
    }
    return this.#with({ schemes: new Map([...schemes, [name, scheme]]) });
  }

  /**
   * Publishes public keys at `/.well-known/jwks.json` (RFC 7517). Without it the set is empty.
   *
   * @throws TypeError when `source` has no `jwks()`
   */
  jwks(source: KeySetSource): ServerBuilder<Schemes> {
    if (typeof source?.jwks !== 'function') {
      throw new TypeError(
        '.jwks(source): the source has no jwks(). Give a JwtBuilder, a KeyRing or { jwks: () => ({ keys }) }.',
      );
    }
    return this.#with({ keySet: source });
  }

  /**
   * Locks the configuration and gives a server that takes routes. Each call gives an independent one.
   *
   * @throws TypeError when schemes would carry secrets over plain HTTP beyond loopback
   */
  enable(): Server<Schemes> {
    const { listeners, schemes } = this.#configuration;
    if (schemes.size > 0) refusePlainHttp(listeners, '.enable()');
    return new Server<Schemes>(this.#configuration);
  }

  #with(change: Partial<Configuration>): ServerBuilder<never> {
    return new ServerBuilder<never>({ ...this.#configuration, ...change });
  }
}

refuseCalls(
  Server.prototype,
  ServerBuilder.prototype,
  (call) =>
    `${call}: the configuration is locked after enable(). Call ${call} on the builder, before .enable().`,
);
refuseCalls(
  ServerBuilder.prototype,
  Server.prototype,
  (call) => `${call}: .enable() is missing. It ends the configuration, and ${call} comes after it.`,
);
