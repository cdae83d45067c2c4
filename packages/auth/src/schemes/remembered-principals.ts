/** The principals of tokens that come again, for a verifier that remembers tokens itself. */
import { isFrozenDeep } from '../frozen.js';
import type { Principal } from '../principal.js';

/** Strangers choose which tokens come, so there is a limit to how many principals are kept. */
const MAX_ENTRIES = 1000;

/** Longer tokens are not worth the memory. */
const MAX_LENGTH = 4096;

/** So many principals are not kept once a verifier has shown that it does not remember. */
const PAUSE = 10_000;

/**
 * A verifier that remembers a token answers with the same claims, and then the principal is the same, too. One that
 * answers a known token with other claims verifies it anew each time, and keeping principals for it is work for nothing.
 */
export class RememberedPrincipals<Claims extends object> {
  readonly #principals = new Map<string, Principal<Claims>>();
  #pause = 0;

  /** How many principals are kept. */
  get size(): number {
    return this.#principals.size;
  }

  /** The principal of this token with these very claims. */
  find(token: string, claims: Claims): Principal<Claims> | undefined {
    const known = this.#principals.get(token);
    if (known === undefined || known.claims === claims) return known;
    this.#principals.clear();
    this.#pause = PAUSE;
    return undefined;
  }

  /** Whether a token's principal is worth keeping, and safe to: its claims can no longer change. Asked once for each. */
  accepts(token: string, claims: Claims): boolean {
    if (this.#pause > 0) {
      this.#pause -= 1;
      return false;
    }
    return token.length <= MAX_LENGTH && isFrozenDeep(claims);
  }

  add(token: string, principal: Principal<Claims>): void {
    if (this.#principals.size >= MAX_ENTRIES) this.#principals.clear();
    this.#principals.set(token, principal);
  }
}
