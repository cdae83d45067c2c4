import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPrincipal } from '../src/index.js';

describe('a principal', () => {
  it('has a default for everything but scheme and subject', () => {
    expect(createPrincipal({ scheme: 'Basic', subject: 'admin' })).toEqual({
      scheme: 'Basic',
      subject: 'admin',
      name: 'admin',
      roles: [],
      scopes: [],
      claims: {},
    });
  });

  it('keeps what it is told', () => {
    const facts = {
      scheme: 'Bearer',
      subject: '7',
      name: 'Ada',
      roles: ['admin'],
      scopes: ['read'],
      claims: { tier: 3 },
    };
    expect(createPrincipal(facts)).toEqual(facts);
  });

  it('is frozen to the last nested claim', () => {
    const principal = createPrincipal({
      scheme: 'Bearer',
      subject: '7',
      roles: ['user'],
      scopes: ['read'],
      claims: { realm: { roles: ['user'] } },
    });
    const changes: [string, () => void][] = [
      ['subject', () => Object.assign(principal, { subject: 'root' })],
      ['a new property', () => Object.assign(principal, { admin: true })],
      ['roles', () => (principal.roles as string[]).push('admin')],
      ['scopes', () => (principal.scopes as string[]).push('write')],
      ['claims', () => Object.assign(principal.claims, { sub: 'root' })],
      ['nested claims', () => principal.claims.realm.roles.push('admin')],
    ];
    for (const [what, change] of changes) expect(change, what).toThrow(TypeError);
  });

  it('does not follow later changes of the lists it was made of', () => {
    const roles = ['user'];
    const principal = createPrincipal({ scheme: 'Basic', subject: 'ada', roles });
    roles.push('admin');
    expect(principal.roles).toEqual(['user']);
  });

  it('is made of claims that refer to themselves', () => {
    const claims: { self?: object } = {};
    claims.self = claims;
    expect(createPrincipal({ scheme: 'Bearer', subject: '7', claims }).claims.self).toBe(claims);
  });

  it.each(['roles', 'scopes'])(
    'is not made of %s in one string, whose letters would become entries',
    (list) => {
      expect(() => createPrincipal({ scheme: 'Basic', subject: 'ada', [list]: 'rw' })).toThrow(list);
    },
  );

  it('has its token for those who ask by name, and shows it to nobody else', () => {
    const principal = createPrincipal({ scheme: 'Bearer', subject: '7', token: 'the-secret-token' });
    expect(principal.token).toBe('the-secret-token');
    expect(Object.keys(principal)).not.toContain('token');
    const shown = [
      JSON.stringify(principal),
      JSON.stringify({ ...principal }),
      inspect(principal, { depth: null }),
    ];
    for (const text of shown) {
      expect(text).toContain('Bearer');
      expect(text).not.toContain('the-secret-token');
    }
  });

  it('cannot have its token exchanged', () => {
    const principal = createPrincipal({ scheme: 'Bearer', subject: '7', token: 'a' });
    expect(() => Object.assign(principal, { token: 'b' })).toThrow(TypeError);
  });

  it('has no token where the scheme had none', () => {
    expect('token' in createPrincipal({ scheme: 'Basic', subject: 'ada' })).toBe(false);
  });
});
