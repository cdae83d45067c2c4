/** What a check is, and the token it looks at. */
import type { Claims } from '../claims.js';
import type { EncryptedToken } from '../encryption/encrypted-token.js';
import type { Finding } from '../finding.js';
import type { Key } from '../keys/key.js';
import type { Rules } from '../rules.js';
import type { ParsedToken } from '../token.js';

/** A token under examination: what the checks so far have found out. */
export interface Examination {
  readonly token: unknown;
  /** Seconds since 1970. */
  readonly now: number;
  /** The encrypted token around the signed one. */
  encrypted: EncryptedToken | undefined;
  parsed: ParsedToken | undefined;
  /** With several issuers: the rules of the one the token names. */
  chosen: Rules | undefined;
  /** The keys that may have signed it. */
  candidates: readonly Key[];
  /** The key that did sign it; only then is anything in it to be believed. */
  key: Key | undefined;
  claims: Claims | undefined;
}

/** The names of the checks. */
export type CheckName =
  | 'structure'
  | 'decryption'
  | 'algorithm'
  | 'critical headers'
  | 'known issuer'
  | 'key'
  | 'signature'
  | 'claims'
  | 'replicated claims'
  | 'type'
  | 'expiry'
  | 'not before'
  | 'issued at'
  | 'lifetime'
  | 'issuer'
  | 'audience'
  | 'required claims'
  | 'own claims'
  | 'revocation'
  /** These two are asked by `explain` only. */
  | 'session'
  | 'expected claims';

/** One check. */
export interface Check {
  readonly name: CheckName;
  /** What must be known before it can run. */
  readonly needs: 'nothing' | 'encrypted' | 'parsed' | 'candidates' | 'claims' | 'verified claims';
  /** Runs again for a token whose signature is remembered, because its answer may have changed since. */
  readonly again?: true;
  /** What it asks for depends on the issuer, where several are configured. */
  readonly perIssuer?: true;
  /** What it asks for, in words; undefined when these rules do not ask for it. */
  asks(rules: Rules): string | undefined;
  /** What the token has, in words. */
  sees(examination: Examination, rules: Rules): string | undefined;
  /** Why the token fails it; undefined when it passes. */
  fault(examination: Examination, rules: Rules): Finding | undefined | Promise<Finding | undefined>;
}

/** A token that nothing is known of yet. */
export function beginExamination(token: unknown, now: number): Examination {
  return {
    token,
    now,
    encrypted: undefined,
    parsed: undefined,
    chosen: undefined,
    candidates: [],
    key: undefined,
    claims: undefined,
  };
}

/** What a failed check found: what it asked for, and what it saw. */
export function fail(
  reason: Finding['reason'],
  check: Check,
  examination: Examination,
  rules: Rules,
  claim: string,
): Finding {
  const expected = check.asks(rules);
  const actual = check.sees(examination, rules);
  return {
    reason,
    claim,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}

/** Names as a report has them; undefined when any will do. */
export function quoted(names: readonly string[] | null): string | undefined {
  return names === null ? undefined : names.map((name) => JSON.stringify(name)).join(' or ');
}
