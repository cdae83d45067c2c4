/** The refusals of the host, as responses that operations refer to: all of them RFC 9457 problem documents. */
import type { RouteOptions } from '../routes/route.js';

const PROBLEM = {
  description: 'A problem document (RFC 9457).',
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Stable, for programs.' },
    detail: { type: 'string', description: 'One sentence, for people.' },
    request_id: { type: 'string', format: 'uuid', description: 'Names the request, as X-Request-Id does.' },
    trace: { type: 'string', description: 'Finds the refusal in the log of the server.' },
  },
};

const INVALID_INPUT = {
  allOf: [{ $ref: '#/components/schemas/Problem' }],
  type: 'object',
  properties: {
    errors: {
      description: 'What is wrong, with code invalid_input.',
      type: 'array',
      maxItems: 20,
      items: {
        type: 'object',
        required: ['in', 'pointer', 'detail'],
        properties: {
          in: { enum: ['path', 'query', 'header', 'body'] },
          pointer: { type: 'string', description: 'JSON Pointer (RFC 6901) as a URI fragment.' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

/** The schemas that the responses refer to. */
export const PROBLEM_SCHEMAS: Readonly<Record<string, object>> = Object.freeze({
  Problem: PROBLEM,
  InvalidInput: INVALID_INPUT,
});

/** The responses, by the name operations refer to. */
export const PROBLEM_RESPONSES: Readonly<Record<string, object>> = Object.freeze({
  BadRequest: problem(
    'The request is malformed, or does not fit the schemas of the operation.',
    'InvalidInput',
  ),
  Unauthorized: {
    ...problem('No credentials, or none that are accepted.'),
    headers: {
      'WWW-Authenticate': {
        description: 'What would be accepted (RFC 9110 §11.6.1).',
        schema: { type: 'string' },
      },
    },
  },
  Forbidden: problem('Known, but not allowed.'),
  PayloadTooLarge: problem('The body is longer than the limit.'),
  UnsupportedMediaType: problem('The body is of a type that is not taken.'),
  Refused: problem('Any other refusal.'),
});

/** The responses of an operation other than success, by status. */
export function problemResponses({ auth, policy, body, ...options }: RouteOptions): Record<string, object> {
  const { params, query, headers } = options;
  const guarded = auth !== false;
  const checked = [params, query, headers, body].some((schema) => schema !== undefined);
  return {
    ...(guarded || checked ? { '400': reference('BadRequest') } : {}),
    ...(guarded ? { '401': reference('Unauthorized') } : {}),
    ...(guarded && policy !== undefined ? { '403': reference('Forbidden') } : {}),
    ...(body === undefined ? {} : { '413': reference('PayloadTooLarge') }),
    ...(body === undefined ? {} : { '415': reference('UnsupportedMediaType') }),
    default: reference('Refused'),
  };
}

function reference(name: string): object {
  return { $ref: `#/components/responses/${name}` };
}

function problem(description: string, schema = 'Problem'): object {
  const content = { 'application/problem+json': { schema: { $ref: `#/components/schemas/${schema}` } } };
  return { description, content };
}
