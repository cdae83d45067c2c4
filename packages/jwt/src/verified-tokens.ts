/** Remembers tokens whose signature was good, so that it need not be computed again. Bounded; the whole token is the key. */
import type { Examination } from './checks/check.js';
import type { Claims } from './claims.js';
import { flatCopy } from './flat-text.js';
import type { Key } from './keys/key.js';
import type { ParsedToken } from './token.js';

interface Memory {
  parsed: ParsedToken;
  key: Key;
  claims: Claims;
}

const NOTHING: ReadonlyMap<string, Memory> = new Map();

/** Longer tokens are not remembered, which bounds the bytes: entries times this, for each is kept as a copy of its own. */
const MAX_LENGTH = 4096;

/** How often a validator knew a token already, since it was made. */
export interface CacheStatistics {
  /** Tokens whose signature had been verified before. */
  readonly hits: number;
  /** All others: new ones, bad ones, and those that are not remembered. */
  readonly misses: number;
}

/** The verified tokens of one validator. Time, revocation and keys are checked again at every use. */
export class VerifiedTokens {
  readonly #most: number;
  #young = new Map<string, Memory>();
  /** What was young before; a token used again becomes young, and what is not goes with the next change of guard. */
  #old: ReadonlyMap<string, Memory> = NOTHING;
  #hits = 0;
  #misses = 0;

  /** @param most how many are remembered. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How often {@link recall} knew a token. */
  get statistics(): CacheStatistics {
    return { hits: this.#hits, misses: this.#misses };
  }

  /** Whether the token is remembered; its examination then knows parts, key and claims. */
  recall(examination: Examination): boolean {
    const { token } = examination;
    // Looking nothing up where nothing is remembered spares reading the whole token for its hash.
    const memory =
      typeof token === 'string' && this.#most > 0
        ? (this.#young.get(token) ?? this.#old.get(token))
        : undefined;
    if (memory === undefined) {
      this.#misses += 1;
      return false;
    }
    this.#hits += 1;
    examination.parsed = memory.parsed;
    examination.key = memory.key;
    examination.claims = memory.claims;
    return true;
  }

  /** Remembers an accepted token. */
  remember({ token, parsed, key, claims }: Examination): void {
    if (this.#most === 0 || typeof token !== 'string' || token.length > MAX_LENGTH) return;
    if (this.#young.has(token)) return;
    if (parsed === undefined || key === undefined || claims === undefined) return;
    if (this.#young.size >= Math.max(1, Math.floor(this.#most / 2))) {
      this.#old = this.#most === 1 ? NOTHING : this.#young;
      this.#young = new Map();
    }
    const memory = this.#old.get(token) ?? { parsed: withoutParts(parsed, flatCopy(token)), key, claims };
    this.#young.set(memory.parsed.token, memory);
  }
}

/** Only the header is asked for again. */
function withoutParts({ header }: ParsedToken, token: string): ParsedToken {
  return { token, header, signingInput: '', payload: '', text: undefined, signature: '' };
}
