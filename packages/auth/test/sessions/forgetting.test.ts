import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lastingClock, RevocationCopy } from '../../src/sessions/index.js';

const HOUR = 3_600_000;
let passed = 0;
beforeEach(() => {
  passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => passed);
});
afterEach(() => vi.restoreAllMocks());

describe('the clock by which stores forget', () => {
  it('goes with a clock that is right', () => {
    let now = 1000;
    const lasting = lastingClock(() => now);
    [passed, now] = [HOUR, 1000 + HOUR];
    expect(lasting()).toBe(1000 + HOUR);
  });

  it('does not go with a jump ahead, nor fall behind a jump back', () => {
    let now = 1000;
    const lasting = lastingClock(() => now);
    now += 48 * HOUR;
    expect(lasting()).toBe(1000);
    passed = HOUR / 2;
    expect(lasting()).toBe(1000 + HOUR / 2);
    now = 1000 + HOUR / 2;
    expect(lasting()).toBe(now);
    now -= HOUR;
    expect(lasting()).toBe(now);
  });

  it('follows a clock that was put right and stays so for an hour', () => {
    let now = 0;
    const lasting = lastingClock(() => now);
    const right = 1_700_000_000_000;
    [passed, now] = [1000, right];
    expect(lasting()).toBe(1000);
    [passed, now] = [1000 + HOUR, right + HOUR];
    expect(lasting()).toBe(right + HOUR);
    [passed, now] = [1000 + 2 * HOUR, right + 2 * HOUR];
    expect(lasting()).toBe(right + 2 * HOUR);
  });

  it('does not follow one that was ahead twice for a while', () => {
    let now = 0;
    const lasting = lastingClock(() => now);
    for (const ahead of [48 * HOUR, 0, 48 * HOUR, 0, 48 * HOUR]) {
      passed += HOUR / 2;
      now = passed + ahead;
      expect(lasting()).toBe(passed);
    }
  });
});

describe('a copy of revocations', () => {
  it('forgets what has expired when it has grown, and nothing else', () => {
    let now = 0;
    const copy = new RevocationCopy(() => now);
    for (let id = 0; id < 999; id += 1) copy.add({ kind: 'token', id: `old-${id}`, until: 10 });
    now = 10;
    copy.add({ kind: 'session', id: 'new', until: 20 });
    expect(copy.size).toBe(1);
    expect(copy.has({ sid: 'new' })).toBe(true);
  });

  it('keeps a subject for the longer of two times, in whatever order they come', () => {
    let now = 0;
    const claims = { sub: 'alice', sid: `0_${'a'.repeat(22)}` };
    for (const [first, second] of [
      [1000, 10],
      [10, 1000],
    ] as const) {
      now = 0;
      const copy = new RevocationCopy(() => now);
      copy.add({ kind: 'subject', id: 'alice', at: 0, until: first, era: 1 });
      copy.add({ kind: 'subject', id: 'alice', at: 0, until: second, era: 2 });
      now = 500;
      for (let id = 0; id < 1000; id += 1) copy.add({ kind: 'token', id: `${id}`, until: 900 });
      expect(copy.has(claims)).toBe(true);
    }
  });
});
