/** Fetches a JSON document within bounds: of time, of size while it comes in, and never anywhere but where it was asked. */
import { isUtf8 } from 'node:buffer';
import { JOSEError, JWKSTimeout } from '../errors.js';
import { freezeDeep, parseObject } from '../json.js';
import { hasRepeatedMember } from '../repeated-members.js';

/** How requests are made: the global `fetch`, or one's own, for a proxy or a certificate authority of one's own. */
export type Fetch = (
  url: string,
  init: { method: 'GET'; headers: Headers; redirect: 'manual'; signal: AbortSignal },
) => Promise<Response>;

/** A fetch that failed in a way that has words: the end of a sentence that begins with the URL. */
export class FetchFault extends Error {
  override readonly name = 'FetchFault';
}

/**
 * A `fetch` that reads the whole body before it answers, and answers with nothing but a JSON object.
 *
 * @param maxBytes of the body, after any content coding is undone.
 * @throws FetchFault for any status but 200 (a redirect is one), for a body that is too large or no JSON object; what the
 * signal was aborted with.
 */
export function boundedFetch(fetch: Fetch, maxBytes: number): Fetch {
  return async (url, init) => {
    // Raced, because a `fetch` of one's own may not heed the signal.
    const response = await unlessAborted(init.signal, fetch(url, { ...init, redirect: 'manual' }));
    if (typeof response?.status !== 'number') throw new FetchFault('was fetched by what is no fetch');
    if (response.status !== 200 || response.redirected) {
      void response.body?.cancel().catch(() => undefined);
      throw new FetchFault(statusFault(response));
    }
    const body = await boundedBody(response, maxBytes, init.signal);
    checkJson(body);
    return new Response(body);
  };
}

/** Why a fetch failed, as the end of a sentence that begins with the URL. Never with anything of the answer. */
export function faultOf(error: unknown, timeout: number): string {
  if (error instanceof FetchFault) return error.message;
  if (error instanceof JWKSTimeout || (error instanceof Error && error.name === 'TimeoutError')) {
    return `did not answer within ${timeout} seconds`;
  }
  if (error instanceof JOSEError)
    return 'did not answer with a JWK Set (RFC 7517 §5); discover() finds the one of an issuer';
  const code = systemCode(error) ?? (error instanceof Error ? systemCode(error.cause) : undefined);
  if (code === undefined) return 'could not be fetched';
  const meaning = MEANINGS.get(code);
  return `could not be fetched (${code}${meaning === undefined ? '' : `: ${meaning}`})`;
}

const UNTRUSTED =
  'its certificate is from an authority that is not trusted here; NODE_EXTRA_CA_CERTS=FILE names one more';

/** What the commonest codes mean; the others are for whoever looks them up. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no host of that name'],
  ['ECONNREFUSED', 'nothing listens there'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNTRUSTED],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNTRUSTED],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNTRUSTED],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNTRUSTED],
]);

function systemCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}

function statusFault({ status, redirected }: Response): string {
  if (redirected || (status >= 300 && status < 400)) return 'redirects, and redirects are not followed';
  return `answered with status ${status}`;
}

async function boundedBody(response: Response, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const reader = response.body?.getReader();
  if (reader === undefined) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await unlessAborted(signal, reader.read());
      if (done) return Buffer.concat(chunks);
      length += value.byteLength;
      if (length > maxBytes) throw new FetchFault(`answered with more than ${maxBytes} bytes`);
      chunks.push(value);
    }
  } catch (error) {
    // Lets the connection go; without it the rest would still come in.
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}

function checkJson(body: Buffer): void {
  const text = isUtf8(body) ? body.toString('utf8') : '';
  const object = parseObject(text);
  if (object === undefined || !freezeDeep(object))
    throw new FetchFault('did not answer with a JSON object in UTF-8');
  // Which of the two counts would differ from reader to reader (RFC 7517 §4).
  if (hasRepeatedMember(text)) throw new FetchFault('answered with a JSON object that has a member twice');
}

function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    Promise.resolve(promise)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
