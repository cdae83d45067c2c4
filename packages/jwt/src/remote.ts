/** Keys that are fetched: `@tokenwright/jwt/remote`. */
export { KeysUnavailable } from './errors.js';
export type { Fetch } from './remote/bounded-fetch.js';
export { type DiscoveredIssuer, type DiscoveryOptions, discover } from './remote/discovery.js';
export type { RemoteJwksOptions } from './remote/options.js';
export { type RemoteJwks, remoteJwks } from './remote/remote-jwks.js';
