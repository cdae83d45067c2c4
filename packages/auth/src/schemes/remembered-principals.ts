/** The principals of credentials that come again, for a verifier that remembers tokens itself. */
import { isFrozenDeep } from '../frozen.js';
import type { Principal } from '../principal.js';

/** What is known of a credential that was good: it need not be taken apart again, but its token is verified each time. */
export interface Kept<Claims extends object> {
  readonly token: string;
  readonly principal: Principal<Claims>;
}

/** Strangers choose which tokens come, so there is a limit to how many principals are kept. */
const MAX_ENTRIES = 1000;

/** Longer credentials are not worth the memory. */
const MAX_LENGTH = 4096 + 'Bearer '.length;

/** So many principals are not kept once a verifier has shown that it does not remember. */
const PAUSE = 10_000;

/**
 * A verifier that remembers a token answers with the same claims, and then the principal is the same, too. One that
 * answers a known token with other claims verifies it anew each time, and keeping principals for it is work for nothing.
 */
export class RememberedPrincipals<Claims extends object> {
  readonly #kept = new Map<string, Kept<Claims>>();
  #pause = 0;

  /** How many principals are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /** What is kept for this very credential. Good only once its token was verified again, and {@link confirms} the claims. */
  recall(credential: string): Kept<Claims> | undefined {
    // Looking nothing up spares reading the whole text for its hash.
    return this.#kept.size === 0 ? undefined : this.#kept.get(credential);
  }

  /** Whether the principal still is the one of these claims. */
  confirms(kept: Kept<Claims>, claims: Claims): boolean {
    if (kept.principal.claims === claims) return true;
    this.#kept.clear();
    this.#pause = PAUSE;
    return false;
  }

  /** Whether a credential's principal is worth keeping, and safe to: its claims can no longer change. Asked once for each. */
  accepts(credential: string, claims: Claims): boolean {
    if (this.#pause > 0) {
      this.#pause -= 1;
      return false;
    }
    return credential.length <= MAX_LENGTH && isFrozenDeep(claims);
  }

  add(credential: string, kept: Kept<Claims>): void {
    if (this.#kept.size >= MAX_ENTRIES) this.#kept.clear();
    this.#kept.set(credential, kept);
  }
}
