/** What @koa/router answers for the paths that are written out in full, worked out once for each. */
import type Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { type Composed, compose } from '../host-application.js';

type Route = Router['stack'][number];

/** The one route that is to run, and all whose path matches, whatever their method. */
interface Known {
  readonly route: Route;
  readonly matched: readonly Route[];
  readonly run: Composed;
}

/**
 * The middleware of the router, with a short way for a request of which only the route of a path without parameters takes
 * care. Any other goes to the router, which looks through all its routes. On the context is what the router would have put
 * there.
 */
export function knownPaths(router: Router): Middleware {
  const search = router.routes() as Middleware;
  const known = new Map<string, Known>();
  for (const { path } of router.stack) if (typeof path === 'string') addKnown(known, router, path);
  return (ctx, next) => {
    const found = known.get(`${ctx.req.method} ${pathOf(ctx.req.url ?? '')}`);
    // What another router has begun it goes on with.
    if (found === undefined || ctx['matched'] !== undefined || ctx['newRouterPath']) return search(ctx, next);
    tell(ctx, router, found);
    return found.run(ctx, next);
  };
}

/** The router's own answer, kept where it is one route. A pattern is no path that it would match itself, and stays out. */
function addKnown(known: Map<string, Known>, router: Router, path: string): void {
  for (const method of new Set(router.stack.flatMap(({ methods }) => methods))) {
    const { path: matched, pathAndMethod } = router.match(path, method);
    const [route, ...others] = pathAndMethod;
    if (route === undefined || others.length > 0 || route.path !== path || route.paramNames.length > 0)
      continue;
    known.set(`${method} ${path}`, { route, matched, run: compose(route.stack as Middleware[]) });
  }
}

function tell(ctx: Context, router: Router, { route, matched }: Known): void {
  const params = { ...ctx['params'] };
  ctx['matched'] = [...matched];
  ctx['router'] = router;
  ctx['routeMatched'] = true;
  ctx['captures'] = [];
  (ctx.request as { params?: object }).params = params;
  ctx['params'] = params;
  ctx['routerPath'] = route.path;
  ctx['routerName'] = undefined;
  ctx['_matchedRoute'] = route.path;
}

/** In a path that is known there is nothing that would have to be decoded. */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
