/** Why a refresh token is refused: `invalid_grant` or `invalid_scope` of RFC 6749 §5.2, and for the log which of them. */

/** The name of a reason. */
export type RefreshRefusal =
  | 'malformed'
  | 'unknown'
  | 'reused'
  | 'ended'
  | 'expired'
  | 'other_client'
  | 'wider_scope';

const REASONS: Readonly<Record<RefreshRefusal, { hint: string; fix: string }>> = {
  malformed: {
    hint: 'It has not the form of a refresh token.',
    fix: 'Send it exactly as it was issued, nothing added, nothing cut off.',
  },
  unknown: {
    hint: 'It is no refresh token of a session in this store.',
    fix: 'Sign in again. If the store has just crashed, it may have lost its last writes.',
  },
  reused: {
    hint: 'It was spent before, so two have it: the session and all its tokens were revoked.',
    fix: 'Find out how the token was stolen. A client must keep the token of the last answer and forget the one before.',
  },
  ended: { hint: 'Its session was revoked.', fix: 'Sign in again.' },
  expired: { hint: 'Its session has come to its end.', fix: 'Sign in again.' },
  other_client: {
    hint: 'It was issued to another client (RFC 6749 §6).',
    fix: 'Present it with the credentials of the client that it was issued to.',
  },
  wider_scope: {
    hint: 'A scope was asked for that the session does not have (RFC 6749 §6).',
    fix: 'Ask for scopes of the session, or for none, which means all of them.',
  },
};

/** A refresh that is refused. `status` 400 and `error` are what RFC 6749 §5.2 answers; `reason`, `hint` and `fix` are for the log. */
export class RefreshRefused extends Error {
  readonly code = 'ERR_REFRESH_REFUSED';
  readonly status = 400;
  readonly error: 'invalid_grant' | 'invalid_scope';
  readonly reason: RefreshRefusal;
  readonly hint: string;
  readonly fix: string;

  constructor(reason: RefreshRefusal) {
    super(reason === 'wider_scope' ? 'The scope is not valid' : 'The refresh token is not valid');
    this.name = 'RefreshRefused';
    this.error = reason === 'wider_scope' ? 'invalid_scope' : 'invalid_grant';
    this.reason = reason;
    this.hint = REASONS[reason].hint;
    this.fix = REASONS[reason].fix;
  }
}
