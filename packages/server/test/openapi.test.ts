import { Validator } from '@seriousme/openapi-schema-validator';
import { apiKey, basic, cookie, createPrincipal, hasRole, type Scheme } from '@tokenwright/auth';
import { JwtBuilder } from '@tokenwright/jwt';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OpenApiDocument } from '../src/index.js';
import { capturedLog } from './captured-log.js';
import { loopback, start } from './running.js';

const open = { auth: false } as const;
const users = basic({ realm: 'x', users: { admin: 'password' } });

function scheme(kind: string, more: object = {}): Scheme {
  return {
    kind,
    authenticate: () => createPrincipal({ scheme: kind, subject: 'x' }),
    challenge: () => kind,
    ...more,
  };
}

/** Refuses what is no OpenAPI 3.1 or has a reference that leads nowhere. */
async function expectValid(document: OpenApiDocument) {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone({ ...document }));
  expect(errors ?? []).toEqual([]);
  expect([valid, validator.version]).toEqual([true, '3.1']);
  for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#([^"]*)"/g)) {
    expect(at(document, pointer ?? ''), `#${pointer}`).toBeTypeOf('object');
  }
}

function at(value: unknown, pointer: string): unknown {
  const tokens = pointer.split('/').slice(1);
  return tokens.reduce<unknown>(
    (inner, token) =>
      (inner as Record<string, unknown>)?.[
        decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
      ],
    value,
  );
}

/** Every kind of route there is. */
function shop() {
  const server = loopback().scheme('Basic', users).scheme('Bearer', scheme('Bearer')).enable();
  const Tree = z.object({
    name: z.string(),
    get children() {
      return z.array(Tree);
    },
  });
  server.get('/about', open, () => {});
  server.get(
    '/items/:id',
    {
      auth: 'Bearer',
      summary: 'One item.',
      description: 'As it is *now*.',
      tags: ['items'],
      params: z.object({ id: z.string().regex(/^\d+$/) }),
      query: z.object({ page: z.coerce.number().int().default(1), q: z.string() }),
      headers: z.object({ 'x-tenant': z.string(), accept: z.string() }),
      response: z.object({ id: z.string() }),
    },
    (ctx) => {
      ctx.body = { id: 'x' };
    },
  );
  server.route(
    ['POST', 'PUT'],
    '/trees',
    { auth: ['Bearer', 'Basic'], policy: hasRole('gardener'), body: Tree, bodyTypes: ['json', 'form'] },
    () => {},
  );
  server.get('/files/*path', open, () => {});
  server.delete('/items/:item{/:part}', { auth: 'Basic' }, () => {});
  return server;
}

describe('the OpenAPI document', () => {
  it('of every kind of route is valid OpenAPI 3.1, and its references lead somewhere', async () => {
    await expectValid(shop().openApiDocument({ version: '2.1.0', description: 'A shop.' }));
  });

  it('of a server without routes is valid too', async () => {
    await expectValid(loopback().enable().openApiDocument());
  });

  it('has the name of the server and the version given', () => {
    expect(shop().openApiDocument({ version: '2.1.0' }).info).toEqual({ title: 'Test', version: '2.1.0' });
    expect(shop().openApiDocument().info).toEqual({ title: 'Test', version: '1.0.0' });
  });

  it('has every route under its path template and method, and none that the server answers itself', () => {
    const { paths } = shop().openApiDocument();
    expect(Object.entries(paths).map(([path, item]) => [path, Object.keys(item)])).toEqual([
      ['/about', ['get']],
      ['/items/{id}', ['get', 'delete']],
      ['/trees', ['post', 'put']],
      ['/files/{path}', ['get']],
      ['/items/{item}/{part}', ['delete']],
    ]);
  });

  it('says of an open route that it needs no credentials, and can refuse nobody', () => {
    expect(shop().openApiDocument().paths['/about']?.['get']).toEqual({
      operationId: 'getAbout',
      security: [],
      responses: { '2XX': { description: 'Success.' }, default: { $ref: '#/components/responses/Refused' } },
    });
  });

  it('has the parameters, security, words and responses of a route', () => {
    expect(shop().openApiDocument().paths['/items/{id}']?.['get']).toEqual({
      operationId: 'getItemsId',
      summary: 'One item.',
      description: 'As it is *now*.',
      tags: ['items'],
      security: [{ Bearer: [] }],
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^\\d+$' } },
        { name: 'page', in: 'query', schema: expect.objectContaining({ type: 'integer', default: 1 }) },
        { name: 'q', in: 'query', required: true, schema: { type: 'string' } },
        { name: 'x-tenant', in: 'header', required: true, schema: { type: 'string' } },
      ],
      responses: {
        '2XX': {
          description: 'Success.',
          content: {
            'application/json': {
              schema: expect.objectContaining({
                type: 'object',
                properties: { id: { type: 'string' } },
                required: ['id'],
              }),
            },
          },
        },
        '400': { $ref: '#/components/responses/BadRequest' },
        '401': { $ref: '#/components/responses/Unauthorized' },
        default: { $ref: '#/components/responses/Refused' },
      },
    });
  });

  it('moves a recursive schema to the components, once for each operation, with its references', () => {
    const { paths, components } = shop().openApiDocument();
    const schema = { $ref: '#/components/schemas/postTreesBody' };
    expect(paths['/trees']?.['post']).toMatchObject({
      security: [{ Bearer: [] }, { Basic: [] }],
      requestBody: {
        required: true,
        content: { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } },
      },
      responses: {
        '403': { $ref: '#/components/responses/Forbidden' },
        '413': { $ref: '#/components/responses/PayloadTooLarge' },
        '415': { $ref: '#/components/responses/UnsupportedMediaType' },
      },
    });
    expect(at(components.schemas['postTreesBody'], '/properties/children/items')).toEqual(schema);
  });

  it('gives paths that differ in names alone one set of names', () => {
    const item = shop().openApiDocument().paths['/items/{id}']?.['delete'];
    expect(item).toMatchObject({ parameters: [{ name: 'id', in: 'path' }] });
  });

  it('gives every operation an id of its own', async () => {
    const server = loopback().enable();
    for (const path of ['/a-b', '/a/b', '/a_b', '/ab/ü', '/a/:b']) server.get(path, open, () => {});
    const document = server.openApiDocument();
    const ids = Object.values(document.paths).map(
      (item) => (item['get'] as { operationId: string }).operationId,
    );
    expect(new Set(ids).size).toBe(5);
    await expectValid(document);
  });
});

describe('a schema in the document', () => {
  const of = (options: object) => {
    const server = loopback().enable();
    server.post('/x', { auth: false, ...options }, () => {});
    return server.openApiDocument();
  };
  const body = (document: OpenApiDocument) =>
    at(document.paths['/x']?.['post'], '/requestBody/content/application~1json/schema');

  it('is what the schema says of itself: zod', async () => {
    const document = of({ body: z.object({ name: z.string().min(1) }) });
    expect(body(document)).toEqual({
      type: 'object',
      properties: { name: { type: 'string', minLength: 1 } },
      required: ['name'],
    });
    await expectValid(document);
  });

  it('is what the schema says of itself: valibot with @valibot/to-json-schema', async () => {
    const document = of({
      body: toStandardJsonSchema(v.object({ name: v.pipe(v.string(), v.minLength(1)) })),
    });
    expect(body(document)).toEqual({
      type: 'object',
      properties: { name: { type: 'string', minLength: 1 } },
      required: ['name'],
    });
    await expectValid(document);
  });

  it('is what a request sends, before the schema changed it; and of an answer, what it became', () => {
    const length = z
      .string()
      .transform((text) => text.length)
      .pipe(z.number());
    const document = of({ body: z.object({ length }), response: z.object({ length }) });
    expect(at(body(document), '/properties/length/type')).toBe('string');
    expect(
      at(
        document.paths['/x']?.['post'],
        '/responses/2XX/content/application~1json/schema/properties/length/type',
      ),
    ).toBe('number');
  });

  it('is the one given, before what the schema says', () => {
    const given = { type: 'object', properties: { name: { type: 'string' } }, $schema: 'x', $id: 'y' };
    const document = of({ body: z.object({ other: z.string() }), jsonSchema: { body: given } });
    expect(body(document)).toEqual({ type: 'object', properties: { name: { type: 'string' } } });
  });

  it('is an open one where the schema says nothing of itself', async () => {
    const document = of({ body: v.object({ name: v.string() }) });
    expect(body(document)).toEqual({ description: 'Not described in JSON Schema.' });
    await expectValid(document);
  });

  it.each([
    ['zod', z.object({ on: z.date(), name: z.string() })],
    ['valibot', toStandardJsonSchema(v.object({ on: v.date(), name: v.string() }))],
  ])(
    'is open only in the part that has no words in JSON Schema, and the log says so: %s',
    async (_, schema) => {
      const log = capturedLog();
      const server = loopback().logger(log.logger).enable();
      server.post('/x', { ...open, body: schema }, () => {});
      const document = server.openApiDocument();
      expect(body(document)).toMatchObject({
        type: 'object',
        properties: { on: {}, name: { type: 'string' } },
      });
      expect(at(body(document), '/properties/on')).toEqual({});
      await expectValid(document);
      expect(log.lines).toEqual([
        expect.objectContaining({
          level: 40,
          method: 'POST',
          path: '/x',
          part: 'body',
          reason: expect.stringMatching(/date/i),
        }),
      ]);
      const said = loopback().logger(log.logger).enable();
      said.post('/x', { ...open, body: schema, jsonSchema: { body: { type: 'object' } } }, () => {});
      said.openApiDocument();
      expect(log.lines).toHaveLength(1);
    },
  );

  it('keeps references to its own definitions, also as a parameter, and leaves data alone', async () => {
    const id = z.string().meta({ id: 'Id' });
    const given = {
      type: 'object',
      properties: {
        'a/b~c': { $ref: '#/$defs/Id' },
        $ref: { type: 'string', default: { $ref: '#/nowhere' } },
      },
      $defs: { Id: { type: 'string', enum: ['#', { $ref: '#/$defs' }] } },
    };
    const server = loopback().enable();
    const query = z.object({ first: id, second: id });
    server.get('/zod', { ...open, query }, () => {});
    server.get('/given', { ...open, query, jsonSchema: { query: given } }, () => {});
    const document = server.openApiDocument();
    const parameters = at(document.paths['/given']?.['get'], '/parameters') as { schema: { $ref: string } }[];
    expect(parameters[0]?.schema).toEqual({ $ref: '#/components/schemas/getGivenQuery/properties/a~1b~0c' });
    const moved = document.components.schemas['getGivenQuery'];
    expect(at(moved, '/properties/a~1b~0c/$ref')).toBe('#/components/schemas/getGivenQuery/$defs/Id');
    expect(at(moved, '/$defs')).toEqual(given.$defs);
    expect(at(moved, '/properties/$ref')).toEqual(given.properties.$ref);
    expect(JSON.stringify(document.paths['/zod'])).toContain('#/components/schemas/getZodQuery');
  });
});

describe('a security scheme in the document', () => {
  it.each([
    ['Basic', { type: 'http', scheme: 'basic' }],
    ['Bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }],
    ['ApiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key' }],
    ['Cookie', { type: 'apiKey', in: 'cookie', name: '__Host-session' }],
    ['ClientCertificate', { type: 'mutualTLS' }],
    ['DPoP', { type: 'http', scheme: 'dpop' }],
  ])('of the kind %s is told by its kind', async (kind, expected) => {
    const server = loopback().scheme('My scheme', scheme(kind)).enable();
    server.get('/x', { auth: 'My scheme' }, () => {});
    const document = server.openApiDocument();
    expect(document.components.securitySchemes).toEqual({ My_scheme: expected });
    expect(document.paths['/x']?.['get']).toMatchObject({ security: [{ My_scheme: [] }] });
    await expectValid(document);
  });

  it('describes itself where it can', async () => {
    const openapi = { type: 'apiKey', in: 'header', name: 'X-Shop-Key' };
    const server = loopback().scheme('Key', scheme('ApiKey', { openapi })).enable();
    server.get('/x', { auth: 'Key' }, () => {});
    expect(server.openApiDocument().components.securitySchemes).toEqual({ Key: openapi });
    await expectValid(server.openApiDocument());
  });

  it('of API keys and cookies has the names they are read from, one for each place', async () => {
    const jwt = new JwtBuilder()
      .issuer('I')
      .audience('A')
      .signWith({ hex: 'a7'.repeat(32) }, 'HS256');
    const server = loopback()
      .scheme('Key', apiKey({ keys: new Map(), header: ['X-Shop-Key', 'X-Old-Key'], query: 'shop_key' }))
      .scheme('Session', cookie({ jwt, idle: '30m', absolute: '12h', name: '__Host-shop' }))
      .enable();
    server.get('/key', { auth: 'Key' }, () => {});
    server.get('/session', { auth: ['Session', 'Key'] }, () => {});
    const document = server.openApiDocument();
    expect(document.components.securitySchemes).toEqual({
      Key: { type: 'apiKey', in: 'header', name: 'X-Shop-Key' },
      Key_2: { type: 'apiKey', in: 'header', name: 'X-Old-Key' },
      Key_3: { type: 'apiKey', in: 'query', name: 'shop_key' },
      Session: { type: 'apiKey', in: 'cookie', name: '__Host-shop' },
    });
    const keys = [{ Key: [] }, { Key_2: [] }, { Key_3: [] }];
    expect(document.paths['/key']?.['get']).toMatchObject({ security: keys });
    expect(document.paths['/session']?.['get']).toMatchObject({ security: [{ Session: [] }, ...keys] });
    await expectValid(document);
  });

  it('cannot be called __proto__', () => {
    expect(() => loopback().scheme('__proto__', scheme('Basic'))).toThrow(TypeError);
    expect(() => loopback().scheme('__proto__', scheme('Basic'))).toThrow(/cannot be the name/);
  });

  it('has a key of its own, and is left out when no route uses it', () => {
    const server = loopback()
      .scheme('a b', scheme('Basic'))
      .scheme('a_b', scheme('Bearer'))
      .scheme('unused', scheme('Basic'))
      .enable();
    server.get('/x', { auth: ['a b', 'a_b'] }, () => {});
    expect(Object.keys(server.openApiDocument().components.securitySchemes)).toEqual(['a_b', 'a_b_2']);
    expect(server.openApiDocument().paths['/x']?.['get']).toMatchObject({
      security: [{ a_b: [] }, { a_b_2: [] }],
    });
  });
});

describe('what a route says of itself', () => {
  it.each<[string, object, RegExp]>([
    ['tags that are one text', { tags: 'admin' }, /tags has to be a list of texts/],
    ['a tag that is none', { tags: ['admin', 3] }, /tags has to be a list of texts/],
    ['a summary that is no text', { summary: 3 }, /summary has to be text/],
    ['a description that is no text', { description: { text: 'x' } }, /description has to be text/],
    ['a JSON Schema that is none', { jsonSchema: { body: 'object' } }, /jsonSchema has to hold JSON Schemas/],
    ['no JSON Schemas', { jsonSchema: null }, /jsonSchema has to hold JSON Schemas/],
  ])('is refused at its registration: %s', (_, options, message) => {
    const server = loopback().enable();
    const register = () => server.get('/x', { ...open, ...options } as never, () => {});
    expect(register).toThrow(TypeError);
    expect(register).toThrow(message);
    expect(() => server.group('/a', {}).get('/x', { ...open, ...options } as never, () => {})).toThrow(
      message,
    );
    expect(() =>
      server.get('/x', { ...open, tags: ['admin'], summary: 'x', jsonSchema: {} }, () => {}),
    ).not.toThrow();
  });

  it('is refused with a group whose tags are no list', () => {
    const server = loopback().enable();
    expect(() => server.group('/a', { tags: 'admin' } as never)).toThrow(/group\('\/a'\): tags/);
    expect(() => server.group('/a', { tags: ['admin'] })).not.toThrow();
  });
});

describe('/openapi.json', () => {
  const admin = { authorization: `Basic ${btoa('admin:password')}` };

  it('is not there unless the server is told to serve it', async () => {
    const { url } = await start(shop());
    expect((await fetch(`${url}/openapi.json`)).status).toBe(404);
  });

  it('is the document of every route, also of those registered after it, and no cache keeps it', async () => {
    const server = shop().openapi({ auth: false, version: '3.0.0' });
    server.get('/later', open, () => {});
    const { url } = await start(server);
    const response = await fetch(`${url}/openapi.json`);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const document = (await response.json()) as OpenApiDocument;
    expect(document).toEqual(JSON.parse(JSON.stringify(server.openApiDocument({ version: '3.0.0' }))));
    expect(document.paths).toHaveProperty('/later');
    expect(document.paths).toHaveProperty(['/openapi.json']);
    await expectValid(document);
  });

  it('may be kept from strangers, and moved', async () => {
    const server = loopback().scheme('Basic', users).enable();
    server.openapi({ auth: 'Basic', path: '/docs/openapi.json' });
    const { url } = await start(server);
    expect((await fetch(`${url}/docs/openapi.json`)).status).toBe(401);
    expect((await fetch(`${url}/docs/openapi.json`, { headers: admin })).status).toBe(200);
  });

  it.each([
    ['does not say who may read it', {}, 'does not say who may call it'],
    ['names an unknown scheme', { auth: 'Bsaic' }, "Did you mean 'Basic'?"],
    ['has a version that is no text', { auth: false, version: 3 }, 'version has to be text'],
    ['has a description that is no text', { auth: false, description: 3 }, 'description has to be text'],
    ['has an unknown option', { auth: false, verison: '1' }, "Did you mean 'version'?"],
  ])('is refused when it %s', (_, options, message) => {
    const server = loopback().scheme('Basic', users).enable();
    expect(() => server.openapi(options as never)).toThrow(message);
  });
});
