import { describe, expect, it } from 'vitest';
import { isLoopback, reachesThisMachine } from '../src/remote/configured-url.ts';

describe('an address of this machine', () => {
  it.each([
    'https://localhost/j',
    'https://localhost./j',
    'https://api.localhost/j',
    'https://127.0.0.1/j',
    'https://127.1/j',
    'https://[::1]/j',
    'https://[::]/j',
    'https://0.0.0.0/j',
    'https://[::ffff:127.0.0.1]/j',
    'https://[::ffff:0.0.0.0]/j',
  ])('L26: is known in the spelling %s', (url) => {
    expect(reachesThisMachine(new URL(url))).toBe(true);
  });

  it.each([
    'https://issuer.example/j',
    'https://10.0.0.1/j',
    'https://[::ffff:10.0.0.1]/j',
    'https://127.example/j',
  ])('is not %s', (url) => {
    expect(reachesThisMachine(new URL(url))).toBe(false);
  });

  it('may be asked without TLS in its plain spellings alone', () => {
    expect(['localhost', '127.0.0.1', '[::1]'].map((hostname) => isLoopback({ hostname }))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['localhost.', '[::]', '0.0.0.0'].map((hostname) => isLoopback({ hostname }))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
