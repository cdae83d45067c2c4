/** What a check found, where it failed. */
import type { ReasonName } from './reasons.js';

/** A failed check. */
export interface Finding {
  readonly reason: ReasonName;
  /** The claim or header parameter it is about. */
  readonly claim?: string;
  /** Says more than the reason's cause where more can be said; never with a value from the token. */
  readonly hint?: string;
  readonly expected?: string;
  /** What the token has instead, escaped and bounded. */
  readonly actual?: string;
}

/** A value from a token as it may stand in a report: one line, escaped, at most 120 characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
  const bounded = text.length > 120 ? `${text.slice(0, 117)}…` : text;
  // Direction marks and other invisible characters could make a report read as what it is not.
  return bounded.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
