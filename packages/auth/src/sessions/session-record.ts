/** What is stored of a session. Of its tokens there are hashes only: who reads the store can use none of them. */

/** A session at rest. Times are milliseconds since 1970. A store keeps it as it is, and changes it in one step. */
export interface SessionRecord {
  /** `<era>_<128 random bits>`, see {@link eraOf}. It stands in access tokens as `sid` and is no secret. */
  readonly id: string;
  readonly subject: string;
  /** What people recognise it by, for example a `User-Agent`. */
  readonly device: string | undefined;
  /** The OAuth client it is bound to (RFC 6749 §6); undefined for none. */
  readonly client: string | undefined;
  /** The own claims of its access tokens, as JSON. */
  readonly claims: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When it ends without another refresh. */
  readonly idleEndsAt: number;
  /** When it ends in any case. */
  readonly endsAt: number;
  /** From when on no access token that was issued so far is accepted anywhere. */
  readonly tokensUntil: number;
  /** It was revoked: it stays until its end, so that its tokens are known for what they are. */
  readonly ended: boolean;
  /** Hash of the part that all refresh tokens of the session share. */
  readonly family: string;
  /** How often it was refreshed. */
  readonly generation: number;
  /** Hash of the refresh token that is good now. */
  readonly current: string;
  /** The refresh token before it, of which a lost answer may be asked for again. */
  readonly previous: SpentToken | undefined;
}

/** The refresh token that was spent last. */
export interface SpentToken {
  readonly hash: string;
  /** With the spent token itself it makes the successor. */
  readonly nonce: string;
  readonly spentAt: number;
}

/** `<era>_<22 characters>`, the era in base 36. */
const SESSION_ID = /^([0-9a-z]{1,10})_[A-Za-z0-9_-]{22}$/;

/**
 * The era in which a session began, or undefined for what is no ID of a session. A store counts eras up with every
 * revocation of a subject or of all, so which sessions are older is known without comparing the clocks of machines.
 */
export function eraOf(sessionId: string): number | undefined {
  const era = SESSION_ID.exec(sessionId)?.[1];
  return era === undefined ? undefined : Number.parseInt(era, 36);
}

/** The ID of a session that begins in this era. @param random 16 random bytes */
export function sessionIdIn(era: number, random: Buffer): string {
  return `${era.toString(36)}_${random.toString('base64url')}`;
}

/** Whether a session has come to its end by itself. */
export function isOver({ idleEndsAt, endsAt }: SessionRecord, now: number): boolean {
  return now >= Math.min(idleEndsAt, endsAt);
}
