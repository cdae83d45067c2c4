/** The contract about counters. */
import { deepEqual, equal } from 'node:assert/strict';
import { type Bench, type ContractCase, contractCase, type OpenStore } from './contract-case.js';

const SENTENCES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  'a hundred counts at once are a hundred': async ({ store, other }) => {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? store : other).increment('key', 60)),
    );
    deepEqual(await other.count('key'), { count: 100, endsIn: 60_000 });
  },
  'a window begins with the first count and is not moved by the next': async ({ store, clock }) => {
    deepEqual(await store.increment('key', 60), { count: 1, endsIn: 60_000 });
    clock.move(59_999);
    deepEqual(await store.increment('key', 60), { count: 2, endsIn: 1 });
    clock.move(1);
    equal(await store.count('key'), undefined);
    deepEqual(await store.increment('key', 60), { count: 1, endsIn: 60_000 });
  },
  'a window is no longer than it was to be when the clock was put back': async ({ store, clock }) => {
    await store.increment('key', 60);
    clock.move(-86_400_000);
    deepEqual(await store.increment('key', 60), { count: 1, endsIn: 60_000 });
  },
  'keys are counted apart and forgotten apart': async ({ store, other }) => {
    await store.increment('one', 60);
    await store.increment('other', 60);
    await other.forget('one');
    equal(await store.count('one'), undefined);
    equal((await other.count('other'))?.count, 1);
    equal(await store.count('__proto__'), undefined);
  },
};

/** The contract about counters. */
export function counterCases(open: OpenStore): readonly ContractCase[] {
  return Object.entries(SENTENCES).map(([name, holds]) => contractCase(open, name, holds));
}
