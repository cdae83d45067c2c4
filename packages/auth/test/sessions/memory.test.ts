import { describe, expect, it } from 'vitest';
import { storeContract } from '../../src/sessions/contract/contract.js';
import { memory } from '../../src/sessions/memory.js';

describe('the store in memory', () => {
  for (const { name, run } of storeContract(async (clock) => ({ store: memory({ clock }) }))) it(name, run);

  it('refuses a clock that is none at once', () => {
    expect(() => memory({ clock: 5 as never })).toThrow(
      new TypeError('the option clock of memory() must be a function that answers milliseconds'),
    );
  });
});
