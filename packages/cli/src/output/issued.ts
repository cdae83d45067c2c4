/** A token that was issued, as JSON. */
import type { IssuedToken } from '@tokenwright/jwt';

/** What `--json` promises: every member always there. */
export function issuedJson({
  token,
  header,
  claims,
  issuedAt,
  expiresAt,
  expiresIn,
}: IssuedToken): Record<string, unknown> {
  return { token, header, claims, issuedAt, expiresAt: expiresAt ?? null, expiresIn: expiresIn ?? null };
}
