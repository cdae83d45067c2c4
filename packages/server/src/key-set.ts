/** The public keys of the service, as a JWK Set (RFC 7517 §5), and the last guard against publishing a private one. */
import type { Middleware } from 'koa';
import { SECRET_JWK_MEMBERS } from './secret-jwk-members.js';

/** Anything that has public keys: a `JwtBuilder`, a `KeyRing`, or an object with this one method. */
export interface KeySetSource {
  /** A JWK Set with public parts only. Asked at every request, so a rotated key shows at once. */
  jwks(): { readonly keys: readonly object[] };
}

/**
 * The JWK Set to publish; empty without a source.
 *
 * @throws TypeError when the source gives something else than a set of keys, or a key with a private member
 */
export function publicKeySet(source: KeySetSource | undefined): { readonly keys: readonly object[] } {
  if (source === undefined) return { keys: [] };
  const { keys } = source.jwks();
  if (!Array.isArray(keys)) throw new TypeError('.jwks(source): source.jwks() has to answer { keys: [] }.');
  for (const key of keys) {
    const found = [...SECRET_JWK_MEMBERS].find((member) => member in key);
    if (found !== undefined) {
      throw new TypeError(
        `.jwks(source): a key has the private member '${found}', so nothing is published. Give public keys only: the jwks() of a KeyRing or a JwtBuilder.`,
      );
    }
  }
  return { keys };
}

/** `GET /.well-known/jwks.json`. A set that may not be published is a 500 and an error in the log. */
export function keySetEndpoint(source: KeySetSource | undefined): Middleware {
  return (ctx) => {
    const { keys } = publicKeySet(source);
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = 'application/jwk-set+json';
    ctx.body = JSON.stringify({ keys });
  };
}
