/** Every attack there is, in the order in which they are sent. */
import type { Key } from '@tokenwright/jwt';
import type { Attack } from './attack.js';
import type { Forge } from './forge.js';
import { ON_FORMS } from './on-forms.js';
import { ON_KEYS } from './on-keys.js';
import { ON_REQUESTS } from './on-requests.js';
import { ON_SIGNATURES } from './on-signatures.js';

/** The attacks on a service; with the key that signs also the bad tokens of `@tokenwright/jwt/testing`. */
export async function attacksWith(key: Key | undefined, forge: Forge): Promise<readonly Attack[]> {
  if (key?.canSign !== true) return ATTACKS;
  const { testedAttacks } = await import('./tested.js');
  return [...ATTACKS, ...(await testedAttacks(key, forge, new Set(ATTACKS.map(({ name }) => name))))];
}

const ATTACKS: readonly Attack[] = [...ON_REQUESTS, ...ON_FORMS, ...ON_SIGNATURES, ...ON_KEYS];
