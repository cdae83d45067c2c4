/** What `.security()` takes: who may speak through whom, from where, and which headers tell a browser so. */

import { refuseUnknownOptions } from './nearest-name.js';
import { type CorsOptions, checkCors } from './requests/cross-origin.js';
import { checkHosts } from './requests/host-names.js';
import { type HeaderOptions, type SecurityHeaders, securityHeaders } from './requests/security-headers.js';
import { checkProxies, type TrustedProxies } from './requests/trusted-proxies.js';

/** Options of `.security()`. */
export interface SecurityOptions {
  /**
   * The values of `Host` the server answers for, without a port: `'api.example'`; any other is a 421 (RFC 9110
   * §15.5.20). Default: on loopback localhost, 127.0.0.1 and [::1], which keeps out pages that rebind a name of theirs
   * to this machine (DNS rebinding); elsewhere any.
   */
  hosts?: readonly string[] | undefined;
  /**
   * Whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: addresses, ranges (`'10.0.0.0/8'`), `'loopback'`, and
   * `'unix'` for whoever connects through a Unix socket. Default: nobody's.
   */
  trustedProxies?: readonly string[] | undefined;
  /** Which pages of other origins may read the answers. Default: none. */
  cors?: CorsOptions | undefined;
  /** Options of helmet for its headers; `false` sends none. */
  headers?: HeaderOptions | false | undefined;
}

/** The same, checked. */
export interface Security {
  readonly hosts: readonly string[] | undefined;
  readonly proxies: TrustedProxies | undefined;
  readonly cors: CorsOptions | undefined;
  readonly headers: SecurityHeaders | undefined;
}

/** A server without `.security()`. */
export const DEFAULT_SECURITY: Security = Object.freeze({
  hosts: undefined,
  proxies: undefined,
  cors: undefined,
  headers: securityHeaders({}),
});

/**
 * Reads the options of `.security()`; what they leave out stays as it is in `before`.
 *
 * @throws TypeError for an unknown option, and for a value that cannot mean what it says
 */
export function readSecurity(options: SecurityOptions, before: Security): Security {
  refuseUnknownOptions(options, ['hosts', 'trustedProxies', 'cors', 'headers'], '.security()');
  const { hosts, trustedProxies, cors, headers } = options;
  return Object.freeze({
    hosts: hosts === undefined ? before.hosts : checkHosts(hosts),
    proxies: trustedProxies === undefined ? before.proxies : checkProxies(trustedProxies),
    cors: cors === undefined ? before.cors : checkCors(cors),
    headers:
      headers === undefined ? before.headers : headers === false ? undefined : securityHeaders(headers),
  });
}
