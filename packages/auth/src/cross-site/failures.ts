/** The refusals of requests that another site makes a browser send. */
import type { Failure } from '../scheme.js';
import { SENTENCES } from '../sentences.js';

export const OTHER_SITE: Failure = crossSite({
  hint: 'Sec-Fetch-Site or Origin says that a page of another site sends the request.',
  fix: 'Where that site is one’s own, name it in trustedOrigins.',
});

export const ORIGIN_DIFFERS_BY_SCHEME: Failure = crossSite({
  hint: 'Origin is this server’s own but for https: the browser came over TLS, and Koa sees plain HTTP.',
  fix: 'Behind a proxy that ends TLS, let it replace X-Forwarded-Proto and set app.proxy = true.',
});

/** A 403 whose words are for the log. */
export function crossSite(words: { readonly hint: string; readonly fix: string }): Failure {
  return Object.freeze({
    failed: true,
    status: 403,
    error: 'cross_site_request',
    description: SENTENCES.crossSite,
    code: 'cross_site_request',
    ...words,
  });
}
