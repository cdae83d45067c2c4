import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { createPrincipal, type Principal, type Scheme } from '@tokenwright/auth';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { assertType, describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  createServer,
  type RouteOptions,
  type RunningServer,
  type Server,
  type StandardSchema,
} from '../src/index.js';

interface OwnClaims {
  tier: number;
}
declare const plain: Scheme;
declare const typed: Scheme<OwnClaims>;

describe('scheme names', () => {
  const server = createServer('x').scheme('Bearer', plain).scheme('Typed', typed).enable();

  it('are known to the routes', () => {
    server.get('/a', { auth: 'Bearer' }, () => {});
    server.get('/b', { auth: ['Typed', 'Bearer'] }, () => {});
    // @ts-expect-error a misspelt name
    server.get('/c', { auth: 'Baerer' }, () => {});
    // @ts-expect-error a misspelt name in a list
    server.get('/d', { auth: ['Bearer', 'Baerer'] }, () => {});
    // @ts-expect-error an empty list
    server.get('/e', { auth: [] }, () => {});
    // @ts-expect-error no auth at all
    server.get('/f', {}, () => {});
    // @ts-expect-error true names no scheme
    server.get('/g', { auth: true }, () => {});
    // @ts-expect-error a method that has no routes
    server.route(['TRACE'], '/h', { auth: false }, () => {});
  });

  it('are not there when there is no scheme', () => {
    const bare = createServer('y').enable();
    bare.get('/a', { auth: false }, () => {});
    // @ts-expect-error no scheme was added
    bare.get('/b', { auth: 'Bearer' }, () => {});
  });

  it('cannot be used twice', () => {
    // @ts-expect-error taken
    createServer('z').scheme('A', plain).scheme('A', plain);
  });
});

describe('a builder', () => {
  it('has nothing of a server before enable()', () => {
    const builder = createServer('x').listener({ port: 0 });
    // @ts-expect-error not enabled
    builder.get('/a', { auth: false }, () => {});
    // @ts-expect-error not enabled
    builder.start();
  });
});

describe('ctx.state', () => {
  const server = createServer('x').scheme('Bearer', plain).scheme('Typed', typed).enable();

  it('has the principal on a route with auth', () => {
    server.get('/a', { auth: 'Bearer' }, (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal>();
      expectTypeOf(ctx.state.requestId).toEqualTypeOf<string>();
      expectTypeOf(ctx.params['id']).toEqualTypeOf<string | undefined>();
      ctx.body = ctx.state.auth.name;
    });
  });

  it('knows the claims of the scheme', () => {
    server.post('/b', { auth: 'Typed' }, async (ctx) => {
      expectTypeOf(ctx.state.auth.claims.tier).toEqualTypeOf<number>();
    });
    server.put('/c', { auth: ['Typed', 'Bearer'] }, (ctx) => {
      expectTypeOf(ctx.state.auth.roles).toEqualTypeOf<readonly string[]>();
    });
  });

  it('has no principal on an open route', () => {
    server.get('/d', { auth: false }, (ctx) => {
      expectTypeOf(ctx.state).not.toHaveProperty('auth');
      // @ts-expect-error absent
      ctx.state.auth;
    });
  });
});

describe('ctx.state.input', () => {
  const server = createServer('x').scheme('Bearer', plain).enable();
  const length = z.string().transform((text) => text.length);

  it('is what zod gives, part by part', () => {
    server.post(
      '/a/:id',
      {
        auth: 'Bearer',
        body: z.object({ name: z.string(), length }),
        query: z.object({ page: z.coerce.number().default(1) }),
        params: z.object({ id: z.string() }),
      },
      (ctx) => {
        expectTypeOf(ctx.state.input.body).toEqualTypeOf<{ name: string; length: number }>();
        expectTypeOf(ctx.state.input.query).toEqualTypeOf<{ page: number }>();
        expectTypeOf(ctx.state.input.params).toEqualTypeOf<{ id: string }>();
        expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal>();
        expectTypeOf(ctx.state.input).not.toHaveProperty('headers');
        // @ts-expect-error no such member
        ctx.state.input.body.nmae;
        // @ts-expect-error locked
        ctx.state.input = undefined as never;
      },
    );
  });

  it('is what valibot gives, also with its JSON Schema', () => {
    const headers = v.object({ 'x-tenant': v.pipe(v.string(), v.transform(Number)) });
    server.get('/b', { auth: false, headers, query: toStandardJsonSchema(headers) }, (ctx) => {
      expectTypeOf(ctx.state.input).toEqualTypeOf<{
        headers: { 'x-tenant': number };
        query: { 'x-tenant': number };
      }>();
      expectTypeOf(ctx.state).not.toHaveProperty('auth');
    });
  });

  it('is not there without a schema', () => {
    server.post('/c', { auth: 'Bearer' }, (ctx) => {
      expectTypeOf(ctx.state).not.toHaveProperty('input');
      // @ts-expect-error absent
      ctx.state.input;
    });
  });

  it('is of routes that take several methods, too', () => {
    server.route(['POST', 'PUT'], '/d', { auth: false, body: z.array(length) }, (ctx) => {
      expectTypeOf(ctx.state.input.body).toEqualTypeOf<number[]>();
    });
  });

  it('comes from schemas alone', () => {
    // @ts-expect-error a JSON Schema is no Standard Schema
    server.post('/e', { auth: false, body: { type: 'object' } }, () => {});
    // @ts-expect-error a body has no meaning in GET
    server.get('/f', { auth: false, body: z.string() }, () => {});
    // @ts-expect-error a body has no meaning in DELETE
    server.delete('/g', { auth: false, body: z.string() }, () => {});
    // @ts-expect-error no such type of body
    server.post('/h', { auth: false, body: z.string(), bodyTypes: ['xml'] }, () => {});
  });
});

describe('ctx.body', () => {
  const server = createServer('x').enable();

  it('is what the response schema gives', () => {
    server.get('/a', { auth: false, response: z.object({ name: z.string() }) }, (ctx) => {
      ctx.body = { name: 'Ada' };
      // @ts-expect-error no text
      ctx.body = 'Ada';
      // @ts-expect-error no name
      ctx.body = {};
    });
  });

  it('is anything without one', () => {
    server.get('/b', { auth: false }, (ctx) => {
      expectTypeOf(ctx.body).toBeUnknown();
      ctx.body = 7;
    });
  });
});

describe('a Standard Schema', () => {
  it('is that of the specification', () => {
    assertType<(schema: StandardSchemaV1<string, number>) => StandardSchema<string, number>>(
      (schema) => schema,
    );
    assertType<(schema: StandardSchemaV1) => StandardSchema>((schema) => schema);
    assertType<
      (schema: StandardSchemaV1 & StandardJSONSchemaV1) => Required<StandardSchema['~standard']>['jsonSchema']
    >((schema) => schema['~standard'].jsonSchema);
  });
});

describe('a group', () => {
  const server = createServer('x').scheme('Bearer', plain).scheme('Typed', typed).enable();

  it('gives its auth to the routes that say nothing', () => {
    const group = server.group('/g', { auth: 'Typed' });
    group.get('/a', {}, (ctx) => {
      expectTypeOf(ctx.state.auth.claims.tier).toEqualTypeOf<number>();
    });
    group.post('/b', { body: z.object({ name: z.string() }) }, (ctx) => {
      expectTypeOf(ctx.state.auth.claims.tier).toEqualTypeOf<number>();
      expectTypeOf(ctx.state.input.body.name).toEqualTypeOf<string>();
    });
    group.put('/c', { auth: 'Bearer' }, (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal>();
    });
    group.patch('/d', { auth: false }, (ctx) => {
      expectTypeOf(ctx.state).not.toHaveProperty('auth');
    });
    // @ts-expect-error a misspelt name
    group.get('/e', { auth: 'Typd' }, () => {});
    // @ts-expect-error misspelt
    group.get('/f', { polciy: plain }, () => {});
  });

  it('that is open gives no principal', () => {
    server.group('/g', { auth: false }).get('/a', {}, (ctx) => {
      expectTypeOf(ctx.state).not.toHaveProperty('auth');
    });
  });

  it('gives it to the groups inside', () => {
    const inner = server.group('/g', { auth: 'Typed' }).group('/h', { tags: ['x'] });
    inner.get('/a', {}, (ctx) => {
      expectTypeOf(ctx.state.auth.claims.tier).toEqualTypeOf<number>();
    });
    inner.group('/i', { auth: 'Bearer' }).get('/a', {}, (ctx) => {
      expectTypeOf(ctx.state.auth).toEqualTypeOf<Principal>();
    });
  });

  it('that says nothing of auth leaves it to each route', () => {
    const group = server.group('/g', { tags: ['x'] });
    group.get('/a', { auth: 'Bearer' }, () => {});
    // @ts-expect-error no auth at all
    group.get('/b', {}, () => {});
    // @ts-expect-error a misspelt name
    server.group('/h', { auth: 'Baerer' });
  });
});

describe('openapi()', () => {
  const server = createServer('x').scheme('Bearer', plain).enable();

  it('says who may read it', () => {
    server.openapi({ auth: 'Bearer', version: '1.0.0' });
    // @ts-expect-error no auth at all
    server.openapi({ version: '1.0.0' });
    // @ts-expect-error a misspelt name
    server.openapi({ auth: 'Baerer' });
  });
});

describe('a server', () => {
  it('gives a test client that closes itself', () => {
    assertType<(server: Server) => Promise<AsyncDisposable>>((server) => server.test());
  });

  it('types the JSON of an answer that a test expects, and no other', async () => {
    const client = await createServer('x').enable().test();
    const expects = z.object({ name: z.string() });
    expectTypeOf((await client.get('/a', { expects })).json).toEqualTypeOf<{ name: string }>();
    expectTypeOf((await client.request('PUT', '/a', { expects, json: {} })).json).toEqualTypeOf<{
      name: string;
    }>();
    expectTypeOf((await client.get('/a')).json).toEqualTypeOf<unknown>();
    expectTypeOf((await client.post('/a', { json: {} })).json).toEqualTypeOf<unknown>();
  });

  it('takes options that were written down before', () => {
    const options: RouteOptions<'Bearer'> = { auth: 'Bearer', body: z.object({ name: z.string() }) };
    createServer('x')
      .scheme('Bearer', plain)
      .enable()
      .post('/a', options, () => {});
  });

  it('has no way back to its configuration', () => {
    const server = createServer('x').enable();
    expectTypeOf(server).not.toHaveProperty('listener');
    expectTypeOf(server).not.toHaveProperty('scheme');
    expectTypeOf(server).not.toHaveProperty('enable');
    expectTypeOf(createServer('x')).not.toHaveProperty('get');
    expectTypeOf(createServer('x')).not.toHaveProperty('start');
  });

  it('can be closed by await using', () => {
    assertType<(server: Server) => Promise<AsyncDisposable>>(
      (server): Promise<RunningServer> => server.start(),
    );
  });
});

describe('options', () => {
  it('say their units', () => {
    createServer('x').runtime({ bodyLimit: '1mb', requestTimeout: '30s', keepAliveTimeout: 5 });
    // @ts-expect-error no unit
    createServer('x').runtime({ requestTimeout: '30' });
    // @ts-expect-error no such unit
    createServer('x').runtime({ bodyLimit: '1gb' });
    // @ts-expect-error misspelt
    createServer('x').listener({ port: 0, tls: 'selfsigned' });
    createPrincipal({ scheme: 'x', subject: 'y' });
  });
});
