/** A group of routes: a prefix of their paths, and what they ask of their callers in common. */
import { allOf, isPolicy, type Policy } from '@tokenwright/auth';
import { refuseUnknownOptions } from '../nearest-name.js';
import { checkTags } from './documentation.js';
import { checkPolicy } from './policy-check.js';
import type { GroupOptions, RouteMethod, RouteOptionsIn, Within } from './route.js';
import { type HandlerIn, RouteVerbs } from './route-verbs.js';

/** Where a group registers: the server, or the group around it. */
export interface RouteParent {
  route(methods: readonly RouteMethod[], path: string, options: object, handler: unknown): unknown;
}

/** Routes under one prefix. Comes from `server.group()`. */
export class RouteGroup<
  Schemes extends object = Record<never, never>,
  Shared extends GroupOptions = GroupOptions,
> extends RouteVerbs<Schemes, Shared> {
  readonly #parent: RouteParent;
  readonly #prefix: string;
  readonly #shared: GroupOptions;

  /** @internal Comes from `group()`. */
  constructor(parent: RouteParent, prefix: string, shared: GroupOptions) {
    super();
    checkPrefix(prefix);
    refuseUnknownOptions(shared, ['auth', 'policy', 'tags'], `group('${prefix}')`);
    checkPolicy(shared.policy, `group('${prefix}')`);
    checkTags(shared.tags, `group('${prefix}')`);
    this.#parent = parent;
    this.#prefix = prefix;
    this.#shared = shared;
  }

  /** As on the server; the path is what follows the prefix, and `''` is the prefix itself. */
  route<const Options extends RouteOptionsIn<Shared, keyof Schemes & string>>(
    methods: readonly RouteMethod[],
    path: string,
    options: Options,
    handler: HandlerIn<Schemes, Shared, Options>,
  ): this {
    // From JavaScript anything may come here; what is no path or no options is refused by the parent, in its words.
    const whole = path === '' || String(path).startsWith('/') ? this.#prefix + path : path;
    const known = typeof options === 'object' && options !== null;
    this.#parent.route(methods, whole, known ? over(this.#shared, options) : options, handler);
    return this;
  }

  /**
   * A group inside this one: its prefix follows this one's, its `auth` takes the place of this one's, its policy and
   * tags come on top.
   *
   * @throws TypeError for a bad prefix or an unknown option
   */
  group<const Inner extends GroupOptions<keyof Schemes & string>>(
    prefix: string,
    options: Inner,
  ): RouteGroup<Schemes, Within<Shared, Inner>> {
    return new RouteGroup(this as RouteParent, prefix, options);
  }
}

function checkPrefix(prefix: string): void {
  if (typeof prefix === 'string' && /^\/.*[^/]$/.test(prefix)) return;
  throw new TypeError("group(prefix): the prefix has to start with '/' and not to end with one: '/admin'.");
}

/** A route may name another scheme than its group, never a weaker policy: both policies hold. */
function over(shared: GroupOptions, options: Partial<GroupOptions>): object {
  // What is no list is for the route to refuse: spread here, a text would become letters.
  const tags = Array.isArray(options.tags ?? [])
    ? [...(shared.tags ?? []), ...(options.tags ?? [])]
    : options.tags;
  return {
    ...(shared.auth === undefined ? {} : { auth: shared.auth }),
    ...options,
    ...both(shared.policy, options.policy),
    ...(tags?.length === 0 ? {} : { tags }),
  };
}

/** What is no policy is for the route to refuse, too: it has its path in the error. */
function both(shared: Policy | undefined, own: Policy | undefined): Pick<GroupOptions, 'policy'> {
  if (shared === undefined) return {};
  if (own === undefined) return { policy: shared };
  return isPolicy(own) ? { policy: allOf(shared, own) } : {};
}
