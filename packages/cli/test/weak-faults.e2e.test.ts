import { generateKey, JwtBuilder } from '@tokenwright/jwt';
import { afterAll, describe, expect, it } from 'vitest';
import { attacksWith } from '../src/attack/catalogue.ts';
import { forgeFrom } from '../src/attack/forge.ts';
import { openLures } from '../src/attack/lures.ts';
import { runAttacks } from '../src/attack/run.ts';
import { ALGORITHMS, FAULTS } from './weak-faults.ts';
import { weakService } from './weak-service.ts';

/** Every run of this file, so that the last test knows what all of them found. */
const known = new Set<string>();
const found = new Set<string>();

describe.each(ALGORITHMS)('a service of %s', async (algorithm) => {
  const bits = algorithm === 'RS256' ? { bits: 2048 } : {};
  const key = await generateKey(algorithm, bits);
  const jwt = new JwtBuilder().issuer('https://issuer.example').audience('api').subject('ada').signWith(key);
  const { token } = jwt.buildSync();
  const service = await weakService({
    ...{ key, issuer: 'https://issuer.example', audience: 'api' },
    validator: jwt.validator({ cache: false }),
  });
  afterAll(() => service.close());
  const forge = await forgeFrom(token, key);
  const attacks = await attacksWith(key, forge);
  for (const { name } of attacks) known.add(name);

  async function attack(route: string): Promise<{ passed: string[]; successful: string[] }> {
    const lures = await openLures(forge.attacker);
    const target = { url: new URL(service.at(route)), method: 'GET', ca: undefined };
    const run = await runAttacks(target, attacks, { ...forge, lures }, () => undefined).finally(lures.close);
    expect(run.incomplete).toBeUndefined();
    const named = (is: RegExp) =>
      run.results.filter(({ outcome }) => is.test(outcome)).map(({ name }) => name);
    return { passed: named(/pass|skipped/), successful: named(/fault|weak/) };
  }

  it('that checks everything has no fault', async () => {
    expect((await attack('good')).successful).toEqual([]);
  });

  const faults = Object.entries(FAULTS).filter(([, { at }]) => (at as readonly string[]).includes(algorithm));
  it.each(faults)('that %s is found out', async (route, fault) => {
    const { successful, passed } = await attack(route);
    expect(successful).toEqual(expect.arrayContaining([...fault.found]));
    expect(passed).toContain('good-token-afterwards');
    for (const name of successful) found.add(name);
  });
});

describe('the catalogue', () => {
  it('has no attack that no fault lets through: it could not be told from one that always passes', () => {
    expect([...known].filter((name) => !found.has(name))).toEqual([]);
    expect(known.size).toBeGreaterThanOrEqual(200);
  });
});
