/** What a judgement of a call comes to. */

/** The side that is wrong; `none` when the token was accepted, `unknown` when nothing shows it. */
export type Side =
  | 'none'
  | 'token'
  | 'permission'
  | 'service'
  | 'clock'
  | 'request'
  | 'certificate'
  | 'network'
  | 'unknown';

/** A judgement, for people. */
export interface Finding {
  readonly side: Side;
  readonly cause: string;
  readonly fix: string;
  /** The check that it is about, where one here is the same: what is known can say more of it than was said. */
  readonly about?: 'audience' | 'issuer' | 'signature';
}

/** The moment of the call, by both clocks. */
export interface Moment {
  /** Milliseconds since 1970, by this machine. */
  readonly now: number;
  /** How far the service's clock is ahead, in seconds; undefined where it did not tell. */
  readonly clockAhead: number | undefined;
  /** How far clocks may differ, in seconds. */
  readonly tolerance: number;
}
