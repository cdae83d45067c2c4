/** JWK Sets (RFC 7517 §5). */

/** A JWK Set of public keys. */
export interface PublicJwks {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}
