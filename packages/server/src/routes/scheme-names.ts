/** Under which of its names a scheme decided about a request: schemes themselves know their kind alone. */
import type { Scheme } from '@tokenwright/auth';
import type { Context } from 'koa';

/** A scheme of the server and the name it was added under. */
export interface NamedScheme {
  readonly name: string;
  readonly scheme: Scheme<object>;
}

/** The name on the context, where a route has several schemes of one kind. */
const DECIDED = Symbol('scheme name');

interface Decided {
  [DECIDED]?: string;
}

/** The names by route and kind: looked up only when somebody asks, so that no request pays for them. */
export class SchemeNames {
  readonly #byRoute = new Map<string, readonly NamedScheme[]>();

  /**
   * Notes the schemes of a route.
   *
   * @returns the schemes to authenticate with: those that their kind does not tell apart are put behind one that notes it
   */
  note(methods: readonly string[], path: string, named: readonly NamedScheme[]): readonly Scheme<object>[] {
    for (const method of methods) this.#byRoute.set(`${method} ${path}`, named);
    const kinds = new Set(named.map(({ scheme }) => scheme.kind));
    return named.map((one) => (kinds.size === named.length ? one.scheme : noting(one)));
  }

  /** The name of the scheme of that kind which decided; the kind itself for a scheme the server does not have by name. */
  nameOf(ctx: Context, kind: string): string {
    const decided = (ctx as unknown as Decided)[DECIDED];
    if (decided !== undefined) return decided;
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const named = this.#byRoute.get(`${method} ${String(ctx['_matchedRoute'])}`) ?? [];
    return named.find(({ scheme }) => scheme.kind === kind)?.name ?? kind;
  }
}

/** Not a copy: a scheme may be an object with private members. */
function noting({ name, scheme }: NamedScheme): Scheme<object> {
  return {
    kind: scheme.kind,
    async authenticate(ctx) {
      const outcome = await scheme.authenticate(ctx);
      if (outcome !== undefined) (ctx as unknown as Decided)[DECIDED] = name;
      return outcome;
    },
    challenge: (failure) => scheme.challenge(failure),
    ...(scheme.failureFrom === undefined
      ? {}
      : { failureFrom: (error: unknown) => scheme.failureFrom?.(error) }),
  };
}
