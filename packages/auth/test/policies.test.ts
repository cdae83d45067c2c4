import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  createPrincipal,
  hasClaim,
  hasRole,
  hasScope,
  namedPolicies,
  not,
  type Policy,
  policy,
} from '../src/index.js';

const ada = createPrincipal({
  scheme: 'Bearer',
  subject: 'ada',
  roles: ['admin', 'staff'],
  scopes: ['read', 'write'],
  claims: { tier: 3, tenant: 'blue', beta: false } as Record<string, unknown>,
});

async function allows(rule: Policy, principal = ada): Promise<boolean> {
  return (await rule.evaluate(principal)).allowed;
}

async function reason(rule: Policy): Promise<unknown> {
  const verdict = await rule.evaluate(ada);
  return verdict.allowed ? undefined : verdict.because;
}

describe('hasRole', () => {
  it('allows a principal with exactly this role', async () => {
    expect(await allows(hasRole('staff'))).toBe(true);
  });

  it.each(['Admin', 'adm', 'administrator', 'admin ', 'admin,staff', '*'])('refuses %j', async (role) => {
    expect(await allows(hasRole(role))).toBe(false);
  });

  it('does not take a scope for a role', async () => {
    expect(await allows(hasRole('read'))).toBe(false);
  });
});

describe('hasScope', () => {
  it('allows a principal with exactly this scope', async () => {
    expect(await allows(hasScope('write'))).toBe(true);
  });

  it.each(['Write', 'writ', 'write:all', 'admin'])('refuses %j', async (scope) => {
    expect(await allows(hasScope(scope))).toBe(false);
  });

  it('names the scope that would do, for the challenge', async () => {
    expect(await hasScope('pay').evaluate(ada)).toMatchObject({ allowed: false, scope: 'pay' });
  });

  it.each(['read write', 'a"b', 'a\\b', 'a\nb', 'größe', ' read'])(
    'is not made with %j, which is no scope (RFC 6749 §3.3)',
    (scope) => {
      expect(() => hasScope(scope)).toThrow(TypeError);
    },
  );
});

describe('hasClaim', () => {
  it('allows any value when none is named, even false', async () => {
    expect(await allows(hasClaim('beta'))).toBe(true);
  });

  it('allows exactly the value that is named', async () => {
    expect(await allows(hasClaim('tier', 3))).toBe(true);
    expect(await allows(hasClaim('beta', false))).toBe(true);
    expect(await allows(hasClaim('tenant', 'blue'))).toBe(true);
  });

  it.each([
    ['tier', '3'],
    ['tier', true],
    ['beta', 0],
    ['beta', ''],
    ['tenant', 'Blue'],
    ['absent', 'undefined'],
  ] as const)('refuses %s = %j', async (claim, value) => {
    expect(await allows(hasClaim(claim, value))).toBe(false);
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'H27 does not find %s, which every object inherits',
    async (claim) => {
      expect(await allows(hasClaim(claim))).toBe(false);
    },
  );

  it('H27 finds __proto__ where it really is a claim', async () => {
    const claims = JSON.parse('{ "__proto__": "yes" }') as Record<string, unknown>;
    const odd = createPrincipal({ scheme: 'Bearer', subject: 'odd', claims });
    expect(await allows(hasClaim('__proto__', 'yes'), odd)).toBe(true);
  });

  it('is not made with a value that is undefined, which would ask for less than was meant', () => {
    const tenant = undefined as unknown as string;
    expect(() => hasClaim('tenant', tenant)).toThrow(TypeError);
  });
});

describe('a policy of one’s own', () => {
  it('may be asynchronous', async () => {
    expect(await allows(policy('seven', async ({ subject }) => subject === 'ada'))).toBe(true);
  });

  it.each([false, undefined, null, 1, 'yes', 'true', {}, []])(
    'H32 does not allow by answering %j',
    async (answer) => {
      expect(await allows(policy('odd', () => answer as boolean))).toBe(false);
    },
  );

  it('passes on what its predicate throws', async () => {
    const broken = policy('broken', () => {
      throw new RangeError('out of order');
    });
    await expect(broken.evaluate(ada)).rejects.toThrow(RangeError);
  });
});

describe('allOf', () => {
  it('allows when every part does', async () => {
    expect(await allows(allOf(hasRole('admin'), hasScope('read')))).toBe(true);
  });

  it('refuses for the first part that does, and asks no further', async () => {
    let asked = false;
    const later = policy('later', () => {
      asked = true;
      return true;
    });
    expect(await allOf(hasRole('admin'), hasScope('pay'), later).evaluate(ada)).toEqual({
      allowed: false,
      because: 'scope pay',
      scope: 'pay',
    });
    expect(asked).toBe(false);
  });
});

describe('the scopes of a refusal', () => {
  const scopeOf = async (rule: Policy<object>): Promise<string | undefined> => {
    const verdict = await rule.evaluate(ada);
    if (verdict.allowed) throw new Error('allowed');
    return verdict.scope;
  };

  it.each<[string, Policy<object>, string | undefined]>([
    ['one of allOf', allOf(hasScope('pay'), hasRole('admin')), 'pay'],
    ['all of allOf, also those that the principal has', allOf(hasScope('read'), hasScope('pay')), 'read pay'],
    ['all of allOf within allOf', allOf(hasScope('a'), allOf(hasScope('b'), hasScope('a'))), 'a b'],
    [
      'all of allOf within a named policy',
      allOf(namedPolicies({ pay: hasScope('pay') })('pay'), hasScope('b')),
      'pay b',
    ],
    ['none where a role is what failed', allOf(hasRole('root'), hasScope('pay')), undefined],
    ['none of anyOf, where there is a choice', anyOf(hasScope('pay'), hasScope('b')), undefined],
    ['none of what must not be', not(hasScope('read')), undefined],
    [
      'those of a policy of one’s own that names them at the refusal',
      allOf(hasScope('a'), {
        describe: () => 'own',
        evaluate: () => ({ allowed: false, because: 'own', scope: 'own' }),
      }),
      'a',
    ],
    [
      'those that allOf asks for and those of a policy of one’s own',
      allOf(hasScope('read'), {
        describe: () => 'own',
        evaluate: () => ({ allowed: false, because: 'own', scope: 'own' }),
      }),
      'read own',
    ],
  ])('are %s', async (_what, rule, scopes) => {
    expect(await scopeOf(rule)).toBe(scopes);
  });
});

describe('H32 a policy without a verdict', () => {
  const silent = { describe: () => 'silent', evaluate: () => undefined } as unknown as Policy<object>;

  it.each<[string, Policy<object>]>([
    ['in allOf', allOf(silent)],
    ['in anyOf', anyOf(hasRole('root'), silent)],
    ['in not', not(silent)],
  ])('is named in the error, and allows nothing: %s', async (_where, rule) => {
    await expect(rule.evaluate(ada)).rejects.toThrow('the policy "silent" gave no verdict');
  });
});

describe('anyOf', () => {
  it.each([
    [hasRole('admin'), hasScope('pay')],
    [hasScope('pay'), hasRole('admin')],
  ])('allows when one part does, wherever it stands', async (one, other) => {
    expect(await allows(anyOf(one, other))).toBe(true);
  });

  it('refuses with every reason', async () => {
    expect(await reason(anyOf(hasRole('root'), hasClaim('tier', 4)))).toBe(
      'none of: role root, claim tier = 4',
    );
  });
});

describe('not', () => {
  it('turns a policy around', async () => {
    expect(await allows(not(hasRole('guest')))).toBe(true);
    expect(await allows(not(hasRole('admin')))).toBe(false);
    expect(await allows(not(not(hasRole('admin'))))).toBe(true);
  });

  it('H32 does not allow because the inner policy answered rubbish', async () => {
    const rubbish = { describe: () => 'rubbish', evaluate: () => ({}) } as unknown as Policy;
    expect(await allows(not(rubbish))).toBe(false);
  });

  it('does not allow because the inner policy threw', async () => {
    const broken = policy('broken', () => Promise.reject(new Error('down')));
    await expect(not(broken).evaluate(ada)).rejects.toThrow('down');
  });
});

describe('the description of a policy', () => {
  it('reads as the rule', () => {
    const rule = anyOf(
      allOf(hasRole('admin'), hasClaim('tier', 3)),
      not(anyOf(hasScope('a'), hasScope('b'))),
    );
    expect(rule.describe()).toBe('(role admin and claim tier = 3) or (not (scope a or scope b))');
  });

  it('is the name of a policy of one’s own', () => {
    expect(policy('member of team 7', () => true).describe()).toBe('member of team 7');
  });
});

describe('a wrong policy', () => {
  /** It cannot describe itself, which a refusal asks of it. */
  const silent = { evaluate: () => ({ allowed: false, because: 'x' }) } as unknown as Policy;

  it.each([
    ['hasRole', () => hasRole('')],
    ['hasScope', () => hasScope('')],
    ['hasClaim', () => hasClaim('')],
    ['hasRole', () => hasRole(undefined as unknown as string)],
    ['policy', () => policy('', () => true)],
    ['policy', () => policy('named', true as unknown as () => boolean)],
    ['allOf', () => allOf()],
    ['anyOf', () => anyOf()],
    ['allOf', () => allOf('admin' as unknown as Policy)],
    ['anyOf', () => anyOf(hasRole('a'), undefined as unknown as Policy)],
    ['not', () => not(undefined as unknown as Policy)],
    ['allOf', () => allOf(hasRole('a'), silent)],
    ['anyOf', () => anyOf(silent)],
    ['not', () => not(silent)],
  ] as const)('is refused when it is made, by %s', (name, make) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(name);
  });
});
