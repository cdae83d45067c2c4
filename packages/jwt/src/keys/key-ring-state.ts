/** A key ring as JSON, so that it outlives its process or is shared by several. It holds private keys. */
import { InvalidOption } from '../errors.js';
import { isObject } from '../json.js';
import { importKey } from './import.js';
import type { Key } from './key.js';

/** The state of a `KeyRing`, made of JSON values. Whoever reads it can sign: store it as the secret it is. */
export interface KeyRingState {
  readonly next: Readonly<Record<string, unknown>>;
  readonly current: Readonly<Record<string, unknown>>;
  /** When the last token signed with the current key ends, in seconds since 1970. */
  readonly signedUntil: number | 'never';
  readonly previous: readonly {
    /** The public key only, unless it is a shared secret. */
    readonly key: Readonly<Record<string, unknown>>;
    /** When it leaves the ring, in seconds since 1970. */
    readonly until: number | 'never';
  }[];
}

/** A state whose keys are imported. */
export interface ImportedState {
  readonly next: Key;
  readonly current: Key;
  readonly signedUntil: number;
  readonly previous: readonly { readonly key: Key; readonly until: number }[];
}

/** A key as the state holds it, with what signs where the key has it. */
export function storedKey(key: Key): Record<string, unknown> {
  return key.canSign ? key.exportPrivateJwk() : (key.publicJwk() ?? {});
}

/** A point in time as JSON can hold it, which has no infinity. */
export function storedTime(time: number): number | 'never' {
  return time === Number.POSITIVE_INFINITY ? 'never' : time;
}

/** @throws InvalidOption, InvalidKey for what is no state of a ring. */
export function importState(state: unknown): ImportedState {
  if (!isObject(state) || !Array.isArray(state['previous'])) throw notAState();
  return {
    next: storedKeyOf(state['next']),
    current: storedKeyOf(state['current']),
    signedUntil: timeOf(state['signedUntil']),
    previous: state['previous'].map((entry: unknown) => {
      if (!isObject(entry)) throw notAState();
      return { key: storedKeyOf(entry['key']).verifyingSide(), until: timeOf(entry['until']) };
    }),
  };
}

function storedKeyOf(jwk: unknown): Key {
  // Without these two, another default would make it another key than was stored.
  if (!isObject(jwk) || typeof jwk['kid'] !== 'string' || typeof jwk['alg'] !== 'string') throw notAState();
  return importKey({ jwk });
}

function timeOf(time: unknown): number {
  if (time === 'never') return Number.POSITIVE_INFINITY;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw notAState();
}

function notAState(): InvalidOption {
  return new InvalidOption(
    'state',
    'is not the state of a key ring',
    'Give what exportState() answered, unchanged.',
  );
}
