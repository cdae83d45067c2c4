import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  authenticate,
  authorize,
  bearer,
  hasRole,
  hasScope,
  namedPolicies,
} from '../src/index.js';
import { askAs, serve } from './koa-app.ts';
import { jwt, tokenFor } from './tokens.ts';

const may = namedPolicies({ staff: anyOf(hasRole('admin'), hasScope('write')), owner: hasRole('owner') });

describe('a named policy', () => {
  it.each([
    ['staff', 200],
    ['owner', 403],
  ] as const)('decides as what stands behind it: %s', async (name, status) => {
    await using app = await serve((koa) =>
      koa
        .use(authenticate(bearer(jwt.validator())))
        .use(authorize(may(name)))
        .use((ctx) => {
          ctx.body = '';
        }),
    );
    expect((await askAs(app, `Bearer ${await tokenFor('ada')}`)).status).toBe(status);
  });

  it('is told to the log by its name and with the leaf that failed', async () => {
    await using app = await serve((koa) =>
      koa.use(authenticate(bearer(jwt.validator()))).use(authorize(allOf(may('staff'), may('owner')))),
    );
    const answer = await askAs(app, `Bearer ${await tokenFor('ada')}`);
    const hint = app.refusals[0]?.reasons[0]?.hint;
    expect(hint).toContain('staff (role admin or scope write)) and owner (role owner)');
    expect(hint).toContain('What failed: role owner.');
    expect(answer.body).not.toContain('owner');
  });

  it.each(['stafff', 'constructor', 'toString', '__proto__', ''])(
    'that is not there fails at the start: %j',
    (name) => {
      expect(() => authorize(may(name as 'staff'))).toThrow(/there are: staff, owner/);
    },
  );

  it.each<[string, object]>([
    ['no policies', {}],
    ['an empty name', { '': hasRole('a') }],
    ['what is no policy', { staff: 'admin' }],
    ['nothing', { staff: undefined }],
    ['what cannot describe itself', { staff: { evaluate: () => ({ allowed: true }) } }],
  ])('is not made of %s', (_what, table) => {
    expect(() => namedPolicies(table as never)).toThrow(TypeError);
  });
});
