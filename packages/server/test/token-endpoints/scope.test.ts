import { afterEach, describe, expect, it, vi } from 'vitest';
import { askedScopes, grantedScopes } from '../../src/token-endpoints/scope.js';
import { SECRET, type Service, service } from './service.js';

/** So many different scopes, of so many characters together. */
function scopesOf(count: number, characters = 5 * count - 1): string[] {
  const scopes = Array.from({ length: count }, (_, index) => index.toString(36).padStart(4, '_'));
  scopes[0] = 'x'.repeat(characters - scopes.slice(1).join(' ').length - (count === 1 ? 0 : 1));
  return scopes;
}

/** Asks for scopes in every grant, where the client and its session have them all. */
const GRANTS: readonly [string, (scopes: readonly string[], service: Service) => Promise<object>][] = [
  ['client_credentials', async () => ({})],
  [
    'refresh_token',
    async (scopes, { sessions }) => ({
      refresh_token: (await sessions.signIn('ada', 'many', scopes)).refreshToken,
    }),
  ],
];

async function ask(grant: (typeof GRANTS)[number], scopes: readonly string[]) {
  const [type, parameters] = grant;
  const many = { id: 'many', secret: SECRET, grants: [type as 'refresh_token'], scopes };
  const served = await service({ clients: [many] });
  const form = { grant_type: type, scope: scopes.join(' '), ...(await parameters(scopes, served)) };
  return served.post('/oauth/token', form, ['many', SECRET]);
}

describe.each(GRANTS)('the scopes of %s', (...grant) => {
  it.each([
    ['256 scopes', scopesOf(256)],
    ['4,096 characters', scopesOf(256, 4_096)],
  ])('may be %s', async (_, scopes) => {
    expect(await ask(grant, scopes)).toMatchObject({ status: 200, json: { scope: scopes.join(' ') } });
  });

  it.each([
    ['257 scopes', scopesOf(257), 'The scope has more than 256 scopes.'],
    ['4,097 characters', scopesOf(1, 4_097), 'The scope is longer than 4,096 characters.'],
  ])('are refused as invalid_scope with %s, although the client has them', async (_, scopes, why) => {
    expect(await ask(grant, scopes)).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope', error_description: why },
    });
  });
});

describe('reading scopes costs no more than', () => {
  afterEach(() => vi.restoreAllMocks());

  /** How many scopes were looked at, and how many comparisons of one with a list of them there were. */
  function counted(read: () => unknown) {
    // A regular expression calls exec once it is replaced, whatever applies it.
    const looked = vi.spyOn(RegExp.prototype, 'exec');
    const searched = [vi.spyOn(Array.prototype, 'includes'), vi.spyOn(Array.prototype, 'indexOf')];
    try {
      read();
    } catch {}
    const counts = { looks: looked.mock.calls.length, searches: searched.flatMap((spy) => spy.mock.calls) };
    vi.restoreAllMocks();
    return counts;
  }

  it.each([
    ['one look at each of 256, however many are allowed', scopesOf(256), 256],
    ['no look at any of 80,000', scopesOf(80_000), 0],
    ['no look at a megabyte of blanks', [' '.repeat(1_000_000)], 0],
  ])('%s', (_, scopes, looks) => {
    const asked = scopes.join(' ');
    const allowed = new Set(scopes);
    expect(counted(() => askedScopes(asked))).toEqual({ looks, searches: [] });
    expect(counted(() => grantedScopes(asked, allowed))).toEqual({ looks, searches: [] });
  });
});
