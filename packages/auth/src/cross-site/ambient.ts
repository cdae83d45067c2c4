/** Guards credentials that a browser adds by itself, to requests of any site (CSRF): Basic and client certificates. */
import type { Context } from 'koa';
import type { Failure } from '../scheme.js';
import { ORIGIN_DIFFERS_BY_SCHEME, OTHER_SITE } from './failures.js';
import { checkedOrigins, differsByScheme, isSafe, siteOf } from './request-site.js';

/** What a scheme does with requests that another site makes a browser send. */
export interface CrossSiteOptions {
  /**
   * `refuse` (default): what may change state (any method but GET, HEAD and OPTIONS) and says by `Sec-Fetch-Site` or
   * `Origin` that it comes from another site is a 403. Clients that are no browsers send neither and pass. `allow` looks
   * at neither: any page can then use the credentials that a browser keeps.
   */
  crossSite?: 'refuse' | 'allow';
  /** Other origins of one's own whose pages may change state here: `https://app.example.com`. Default none. */
  trustedOrigins?: readonly string[];
}

/** Why a request is refused whatever credentials it has; undefined when there is no reason. */
export type CrossSiteGuard = (ctx: Context) => Failure | undefined;

/** @throws TypeError for what is neither `refuse` nor `allow`, and for what is no origin over TLS. */
export function crossSiteGuard({
  crossSite = 'refuse',
  trustedOrigins = [],
}: CrossSiteOptions): CrossSiteGuard {
  if (crossSite !== 'refuse' && crossSite !== 'allow') {
    throw new TypeError("the option crossSite is 'refuse' or 'allow'");
  }
  const trusted = checkedOrigins(trustedOrigins);
  if (crossSite === 'allow') return () => undefined;
  return (ctx) => {
    if (isSafe(ctx) || siteOf(ctx, trusted) !== 'other') return undefined;
    return differsByScheme(ctx) ? ORIGIN_DIFFERS_BY_SCHEME : OTHER_SITE;
  };
}
