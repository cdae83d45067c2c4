/** The refresh token (RFC 6749 §1.5): `<session ID>.<secret>`, opaque to clients, and how one follows from another. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { eraOf } from './session-record.js';

/** A refresh token, taken apart. */
export interface RefreshToken {
  readonly sessionId: string;
  /** The same in all tokens of a session: it tells a spent token from a made-up one, of which a store knows nothing. */
  readonly family: Buffer;
  /** How many were before it. */
  readonly generation: number;
  readonly secret: Buffer;
}

const FAMILY_BYTES = 16;
const GENERATION_BYTES = 3;
const SECRET_BYTES = 32;
/** The bytes behind the dot: 51, which base64url writes as 68 characters with no bit left over. */
const BYTES = FAMILY_BYTES + GENERATION_BYTES + SECRET_BYTES;
const LAST_GENERATION = 2 ** (8 * GENERATION_BYTES) - 1;
const SECRET_PART = /^[A-Za-z0-9_-]{68}$/;

/** The first refresh token of a session. */
export function firstRefreshToken(sessionId: string): RefreshToken {
  return { sessionId, family: randomBytes(FAMILY_BYTES), generation: 0, secret: randomBytes(SECRET_BYTES) };
}

/**
 * The token that follows. The same token and nonce make the same successor, so an answer that was lost can be given again
 * while neither the successor nor what makes it is stored: the store has the nonce, and the client the token.
 */
export function successorOf(token: RefreshToken, nonce: string): RefreshToken {
  const secret = createHmac('sha256', token.secret).update(nonce).digest();
  return { ...token, generation: token.generation + 1, secret };
}

/** 256 random bits. */
export function newNonce(): string {
  return randomBytes(32).toString('base64url');
}

/** The token as it is sent. */
export function written({ sessionId, family, generation, secret }: RefreshToken): string {
  const bytes = Buffer.alloc(BYTES);
  family.copy(bytes);
  bytes.writeUIntBE(generation, FAMILY_BYTES, GENERATION_BYTES);
  secret.copy(bytes, FAMILY_BYTES + GENERATION_BYTES);
  return `${sessionId}.${bytes.toString('base64url')}`;
}

/** The token in a text, or undefined for what has not its form: cut off, added to, something else. */
export function readRefreshToken(text: unknown): RefreshToken | undefined {
  if (typeof text !== 'string' || text.length > 128) return undefined;
  const dot = text.indexOf('.');
  const sessionId = text.slice(0, dot);
  if (dot === -1 || eraOf(sessionId) === undefined || !SECRET_PART.test(text.slice(dot + 1)))
    return undefined;
  const bytes = Buffer.from(text.slice(dot + 1), 'base64url');
  const generation = bytes.readUIntBE(FAMILY_BYTES, GENERATION_BYTES);
  // It could have no successor. No session gets there: a refresh a second takes half a year.
  if (generation === LAST_GENERATION) return undefined;
  return {
    sessionId,
    family: bytes.subarray(0, FAMILY_BYTES),
    generation,
    secret: bytes.subarray(FAMILY_BYTES + GENERATION_BYTES),
  };
}

/** How a part of a token is stored. One round of SHA-256 is enough for bits that were random: there is nothing to guess. */
export function hashed(part: Buffer): string {
  return createHash('sha256').update(part).digest('base64url');
}
