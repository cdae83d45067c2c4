/** The keys that an issuer publishes at a URL (RFC 7517 §5), fetched when they are needed, seldom, and within bounds. */

import { createRemoteJWKSet, customFetch } from 'jose/jwks/remote';
import { primaryName } from '../algorithms.js';
import type { Finding } from '../finding.js';
import type { Key } from '../keys/key.js';
import { type Candidates, KeySet } from '../keys/key-set.js';
import { checkOptionNames } from '../option-names.js';
import { refusalError } from '../refusal.js';
import type { ProtectedHeader } from '../token.js';
import { faultOf } from './bounded-fetch.js';
import { configuredUrl, shownUrl } from './configured-url.js';
import {
  type CheckedOptions,
  checkedOptions,
  PUBLIC_KEY_ALGORITHMS,
  REMOTE_JWKS_OPTIONS,
  type RemoteJwksOptions,
} from './options.js';
import { publishedKeys } from './published-keys.js';
import { type Held, Refreshed } from './refreshed.js';

/** Keys that are fetched. Made by {@link remoteJwks} and `discover`; goes where a validator's `keys` go. */
export class RemoteJwks extends KeySet {
  readonly algorithms: ReadonlySet<string>;
  readonly #url: URL;
  readonly #keys: Refreshed<readonly Key[]>;

  /** @internal */
  constructor(url: URL, { allowed, timeout, fetch, times }: CheckedOptions) {
    super();
    const remote = createRemoteJWKSet(url, {
      timeoutDuration: Math.ceil(timeout * 1000),
      [customFetch]: fetch,
    });
    const fetchKeys = async (): Promise<readonly Key[]> => {
      await remote.reload();
      return publishedKeys(remote.jwks()?.keys ?? [], allowed, this.#keys.last ?? []);
    };
    this.algorithms = new Set(allowed ?? PUBLIC_KEY_ALGORITHMS);
    this.#url = url;
    this.#keys = new Refreshed(fetchKeys, (error) => faultOf(error, timeout), times);
  }

  /**
   * Fetches the keys unless fresh ones are there: at the start of a service, so that its first request need not wait, or
   * before `verifySync`.
   *
   * @throws KeysUnavailable when they cannot be fetched.
   */
  async load(): Promise<void> {
    const held = await this.#keys.load();
    if ('fault' in held) throw refusalError(this.#unavailable(held.fault));
  }

  override candidates(header: ProtectedHeader): Candidates | Promise<Candidates> {
    const held = this.#keys.get();
    return held instanceof Promise
      ? held.then((fetched) => this.#find(fetched, header))
      : this.#find(held, header);
  }

  override has(key: Key): boolean | Finding | Promise<boolean | Finding> {
    const judge = (held: Held<readonly Key[]>): boolean | Finding =>
      'fault' in held ? this.#unavailable(held.fault) : held.value.includes(key);
    const held = this.#keys.get();
    return held instanceof Promise ? held.then(judge) : judge(held);
  }

  override toString(): string {
    return `a key published at ${shownUrl(this.#url)}`;
  }

  /** The keys for a header; where there are none, after another fetch, if one may begin. */
  #find(held: Held<readonly Key[]>, header: ProtectedHeader): Candidates | Promise<Candidates> {
    if ('fault' in held) return this.#unavailable(held.fault);
    const found = keysFor(held.value, header);
    if (found.length > 0) return found;
    const renewed = this.#keys.renew();
    return renewed === undefined ? this.#none() : renewed.then((fetched) => this.#findAgain(fetched, header));
  }

  #findAgain(held: Held<readonly Key[]>, header: ProtectedHeader): Candidates {
    if ('fault' in held) return this.#unavailable(held.fault);
    const found = keysFor(held.value, header);
    return found.length > 0 ? found : this.#none();
  }

  /** No key has the ID. Where the last fetch failed, that may be because it is new, which is not the token's fault. */
  #none(): Candidates {
    const { lastFault } = this.#keys;
    return lastFault === undefined ? [] : this.#unavailable(lastFault);
  }

  #unavailable(fault: string): Finding {
    return { reason: 'keys_unavailable', hint: `${shownUrl(this.#url)} ${fault}.` };
  }
}

/**
 * The keys published at a URL, for a validator's `keys`. Nothing is fetched before a token needs it.
 *
 * The URL comes from here and never from a token: `jku`, `x5u` and `jwk` in a header are not looked at. It is https, or http
 * on loopback; redirects are not followed; time and size of an answer are bounded. At most one fetch is under way, and at
 * least `cooldown` lies between the beginnings of two, however many tokens name keys that do not exist. A newly published
 * key is accepted at once, or after at most one cool-down. A set that publishes a secret, or two keys of one ID, is not used.
 *
 * When the keys cannot be fetched, tokens are refused with {@link KeysUnavailable} (`ERR_KEYS_UNAVAILABLE`, status 503), not
 * with a code that says the token is bad.
 *
 * @throws InvalidOption for a URL that is not fetched from, or options that there are not or that make no sense.
 * @example
 * ```ts
 * const validator = new JwtValidator({
 *   keys: remoteJwks('https://issuer.example/.well-known/jwks.json', { algorithms: ['ES256'] }),
 *   issuer: 'https://issuer.example',
 *   audience: 'https://api.example',
 * });
 * ```
 */
export function remoteJwks(url: string | URL, options: RemoteJwksOptions = {}): RemoteJwks {
  checkOptionNames(options, REMOTE_JWKS_OPTIONS, 'remoteJwks()');
  return new RemoteJwks(configuredUrl(url, 'url'), checkedOptions(options));
}

/** A key that is published has the ID it says, or its thumbprint; a token that names another does not mean it. */
function keysFor(keys: readonly Key[], { alg, kid }: ProtectedHeader): readonly Key[] {
  return keys.filter((key) => key.algorithm === primaryName(alg) && (kid === undefined || kid === key.kid));
}
