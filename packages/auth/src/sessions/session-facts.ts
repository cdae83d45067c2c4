/** Who begins a session, and the claims that its access tokens have. */
import { RefreshRefused } from './refresh-refused.js';
import type { SessionRecord } from './session-record.js';

/** Who signs in, and with what. */
export interface SessionFacts {
  readonly subject: string;
  readonly name?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly scopes?: readonly string[] | undefined;
  /** Own claims of the access tokens; they are the same after every refresh. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the subject recognises the session by in a list, for example a `User-Agent`; cut to 256 characters. */
  readonly device?: string | undefined;
  /** The OAuth client that alone may refresh (RFC 6749 §6); it becomes `client_id` (RFC 9068 §2.2). */
  readonly client?: string | undefined;
}

const FACTS = ['subject', 'name', 'roles', 'scopes', 'claims', 'device', 'client'];
/** RFC 6749 §3.3: what a scope is made of. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** @throws TypeError for facts that would make other tokens than were meant. */
export function checkFacts(facts: SessionFacts): void {
  const unknown = Object.keys(facts).find((fact) => !FACTS.includes(fact));
  if (unknown !== undefined) throw new TypeError(`signIn() knows no '${unknown}', only ${FACTS.join(', ')}`);
  const { subject, name, roles, scopes, claims, device, client } = facts;
  checkText('subject', subject);
  for (const [fact, text] of Object.entries({ name, client })) if (text !== undefined) checkText(fact, text);
  if (device !== undefined && typeof device !== 'string') throw new TypeError('device must be a string');
  if (!isListOf(roles, (role) => role !== ''))
    throw new TypeError("roles must be a list of roles: ['admin']");
  if (!isListOf(scopes, (scope) => SCOPE.test(scope)))
    throw new TypeError("scopes must be a list of scopes without blanks: ['read', 'write'] (RFC 6749 §3.3)");
  const plain = typeof claims === 'object' && claims !== null && !Array.isArray(claims);
  if (claims !== undefined && !plain) throw new TypeError('claims must be an object: { tier: 3 }');
}

/** @throws TypeError unless it is a text that is not empty and means the same in every store: no half of a surrogate pair. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text !== 'string' || text === '') throw new TypeError(`${what} must be a non-empty string`);
  if (/\p{Surrogate}/u.test(text)) throw new TypeError(`${what} must be well-formed Unicode`);
}

/** The claims that stay the same in all access tokens of the session. */
export function claimsOf({ name, roles, scopes, claims }: SessionFacts): Readonly<Record<string, unknown>> {
  return {
    ...claims,
    ...(name === undefined ? {} : { name }),
    ...(roles === undefined ? {} : { roles }),
    ...(scopes === undefined || scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
  };
}

function isListOf(list: unknown, holds: (item: string) => boolean): boolean {
  if (list === undefined) return true;
  return Array.isArray(list) && list.every((item) => typeof item === 'string' && holds(item));
}

/** @throws RefreshRefused for a scope that the session does not have (RFC 6749 §6). */
export function checkScopes({ claims }: Pick<SessionRecord, 'claims'>, scopes: readonly string[]): void {
  const { scope } = JSON.parse(claims) as { scope?: string };
  const had = new Set(scope?.split(' '));
  if (scopes.length === 0 || scopes.some((one) => !had.has(one))) throw new RefreshRefused('wider_scope');
}
