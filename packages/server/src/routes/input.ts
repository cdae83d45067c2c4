/** Holds a request against the schemas of its route, after authentication and before the handler. */
import type { Context, Middleware } from 'koa';
import { bodyReader, type ReadBody } from './body.js';
import { type InputError, inputErrors, refuseInput } from './input-errors.js';
import type { InputOptions, InputPart } from './route.js';
import type { StandardResult, StandardSchema } from './standard-schema.js';

/** The parts in the order they are looked at: the body, which has to be read, is last. */
export const INPUT_PARTS: readonly InputPart[] = Object.freeze(['params', 'query', 'headers', 'body']);

/** Where a part is in a request, in the words of OpenAPI. */
export const LOCATIONS: Readonly<Record<InputPart, InputError['in']>> = Object.freeze({
  params: 'path',
  query: 'query',
  headers: 'header',
  body: 'body',
});

/** Header fields that are credentials: for schemes to read, not for schemas. */
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization'];

/**
 * Middleware that puts what the schemas give on `ctx.state.input`, or answers 400 `invalid_input` with what is wrong in
 * all the parts. Undefined when the route has no schema.
 *
 * @param bodyLimit - bytes
 */
export function inputCheck(options: InputOptions, bodyLimit: number): Middleware | undefined {
  const parts = INPUT_PARTS.flatMap((part) => {
    const schema = options[part];
    return schema === undefined ? [] : [{ part, schema }];
  });
  if (parts.length === 0) return undefined;
  const read = bodyReader(options.bodyTypes ?? ['json'], bodyLimit);
  return async (ctx, next) => {
    const input: Partial<Record<InputPart, unknown>> = {};
    const errors: InputError[] = [];
    for (const { part, schema } of parts) {
      const given = await partOf(ctx, part, read);
      if ('refused' in given) return undefined;
      if ('errors' in given) errors.push(...given.errors);
      else {
        const result = await resultOf(schema, given.value);
        if (result.issues !== undefined)
          errors.push(...inputErrors(LOCATIONS[part], result.issues, given.value));
        else input[part] = result.value;
      }
    }
    if (errors.length > 0) return refuseInput(ctx, errors);
    ctx.state['input'] = input;
    return next();
  };
}

type Given =
  | { readonly value: unknown }
  | { readonly errors: readonly InputError[] }
  | { readonly refused: true };

async function partOf(ctx: Context, part: InputPart, read: ReadBody): Promise<Given> {
  if (part === 'params') return { value: { ...ctx['params'] } };
  if (part === 'query') return withoutPrototypeName('query', ctx.query);
  if (part === 'headers') return withoutPrototypeName('header', headerFields(ctx));
  const reading = await read(ctx);
  if (reading === 'refused') return { refused: true };
  if (reading === 'read') return withoutPrototypeName('body', ctx.request.body);
  const detail = 'The body is not JSON in UTF-8, or has a member named __proto__.';
  return { errors: [{ in: 'body', pointer: '#', detail }] };
}

/** A schema that copies `__proto__` to an object of its own would change what that object inherits. JSON was scanned already. */
function withoutPrototypeName(location: InputError['in'], value: unknown): Given {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return { value };
  return { errors: [{ in: location, pointer: '#/__proto__', detail: 'This name is not accepted.' }] };
}

function headerFields(ctx: Context): object {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    if (!CREDENTIALS.includes(name)) fields[name] = value;
  }
  return fields;
}

/** A schema that throws, or answers what is no result, has failed: 500, and never the handler. */
async function resultOf(schema: StandardSchema, value: unknown): Promise<StandardResult<unknown>> {
  let result: StandardResult<unknown>;
  try {
    result = await schema['~standard'].validate(value);
  } catch {
    // Its message may quote what was checked, and the log holds no body.
    throw new Error(`a schema of ${schema['~standard'].vendor} threw instead of answering`);
  }
  const answered = typeof result === 'object' && result !== null && ('value' in result || result.issues);
  if (!answered)
    throw new Error(`a schema of ${schema['~standard'].vendor} answered neither value nor issues`);
  return result;
}
