/** Keys that an issuer publishes: at the URL of a JWK Set, or found from the issuer's name. */
import type { KeySet, SignatureAlgorithmName } from '@tokenwright/jwt';
import { discover, type Fetch, type RemoteJwksOptions, remoteJwks } from '@tokenwright/jwt/remote';
import { unreachable } from '../failure.js';
import { whileWaiting } from '../output/progress.js';
import { faultOf } from './faults.js';
import { readCa, send } from './request.js';

/** What may be said about keys that are fetched. */
export interface FetchOptions {
  readonly alg: string | undefined;
  /** The file of a certificate authority to trust. */
  readonly ca: string | undefined;
}

/** The keys at a URL, fetched. @throws Failure with exit code 4 when they cannot be. */
export async function publishedKeys(url: string, options: FetchOptions): Promise<KeySet> {
  const faults: Faults = {};
  const keys = remoteJwks(url, await remoteOptions(options, faults));
  return fetched(async () => {
    await keys.load();
    return keys;
  }, faults);
}

/** The keys of an issuer, found by OpenID Connect Discovery or RFC 8414. @throws Failure with exit code 4 when there are none. */
export async function discoveredKeys(issuer: string, options: FetchOptions): Promise<KeySet> {
  const faults: Faults = {};
  const remote = await remoteOptions(options, faults);
  return fetched(async () => {
    const openid = discover(issuer, remote);
    const { keys } = await openid.catch((error: unknown) => {
      // Where nothing lies at the one place, it may lie at the other; a server that is down is not asked twice.
      if (faults.status !== 404) throw error;
      return discover(issuer, { ...remote, kind: 'oauth2' });
    });
    await keys.load();
    return keys;
  }, faults);
}

/** What the last fetch met, which the library's words do not say in full. */
interface Faults {
  status?: number;
  cause?: unknown;
}

async function remoteOptions({ alg, ca }: FetchOptions, faults: Faults): Promise<RemoteJwksOptions> {
  const authority = await readCa(ca);
  const fetch: Fetch = async (url, init) => {
    try {
      const headers = [...init.headers].flat();
      const { status, body } = await send(new URL(url), { headers, ca: authority, timeout: 5000 });
      faults.status = status;
      return new Response(status === 204 || status === 304 ? null : new Uint8Array(body), { status });
    } catch (error) {
      faults.cause = error;
      throw error;
    }
  };
  // A name that there is not, is the library's to refuse.
  const algorithms =
    alg === undefined ? {} : { algorithms: [alg as Exclude<SignatureAlgorithmName, `HS${string}`>] };
  return { fetch, ...algorithms };
}

async function fetched(load: () => Promise<KeySet>, faults: Faults): Promise<KeySet> {
  try {
    return await whileWaiting('fetching keys', load());
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_KEYS_UNAVAILABLE') throw error;
    const { cause, fix } = faults.cause === undefined ? NOTHING_KNOWN : faultOf(faults.cause);
    const words = 'hint' in error ? String(error.hint) : error.message;
    throw unreachable(`The keys cannot be fetched: ${words}${cause === '' ? '' : ` ${cause}`}`, fix);
  }
}

const NOTHING_KNOWN = { cause: '', fix: 'Check the URL, and that the issuer publishes its keys there.' };
