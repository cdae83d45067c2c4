/** Reads a principal out of verified claims, as RFC 9068 §2.2 names them. */
import type { PrincipalClaims, PrincipalFacts } from './principal.js';

/**
 * `sub`, `name`, `roles`, and as scopes those of `scope` or else `scp`, and those of `permissions`, as some issuers name what a
 * subject may do. A text counts as a list of one; what is no text is left out.
 */
export function principalOfClaims(claims: object): Omit<PrincipalFacts, 'scheme' | 'token' | 'claims'> {
  const known = claims as PrincipalClaims;
  return {
    subject: typeof known['sub'] === 'string' ? known['sub'] : '',
    name: typeof known['name'] === 'string' ? known['name'] : undefined,
    roles: stringList(known['roles']),
    scopes: scopesIn(known),
  };
}

function scopesIn(claims: PrincipalClaims): string[] {
  const scopes = scopesOf(claims['scope'] ?? claims['scp']);
  const permissions = claims['permissions'];
  return permissions === undefined ? scopes : [...new Set([...scopes, ...scopesOf(permissions)])];
}

function stringList(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function scopesOf(value: unknown): string[] {
  return typeof value === 'string' ? value.split(' ').filter((scope) => scope !== '') : stringList(value);
}
