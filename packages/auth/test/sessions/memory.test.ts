import { describe, it } from 'vitest';
import { storeContract } from '../../src/sessions/contract/contract.js';
import { memory } from '../../src/sessions/memory.js';

describe('the store in memory', () => {
  for (const { name, run } of storeContract(async (clock) => ({ store: memory({ clock }) }))) it(name, run);
});
