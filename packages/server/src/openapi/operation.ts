/** One operation of an OpenAPI document: a route under one method and one path template. */
import { MEDIA_TYPES } from '../routes/body.js';
import { LOCATIONS } from '../routes/input.js';
import type { RouteOptions } from '../routes/route.js';
import type { JsonSchema } from '../routes/standard-schema.js';
import { jsonSchemaOf, type Lost, type SharedSchemas } from './json-schema.js';
import { problemResponses } from './problem-responses.js';

/** What an operation is made of. */
export interface OperationFacts {
  readonly operationId: string;
  readonly options: RouteOptions;
  /** The path parameters: as the route calls them, and as the template does. */
  readonly pathNames: readonly { readonly own: string; readonly shown: string }[];
  /** Under which names each scheme stands in the document. */
  readonly securityNames: ReadonlyMap<string, readonly string[]>;
  readonly schemas: SharedSchemas;
  /** Told of parts that JSON Schema has no words for. */
  readonly lost: Lost;
}

/** Header fields that OpenAPI describes elsewhere, and ignores as parameters (OpenAPI 3.1 §4.8.12.1). */
const NO_PARAMETERS = ['accept', 'content-type', 'authorization'];

/** The Operation Object (OpenAPI 3.1 §4.8.10). */
export function operation(facts: OperationFacts): object {
  const { operationId, options } = facts;
  const { summary, description, tags } = options;
  const parameters = [
    ...pathParameters(facts),
    ...namedParameters(facts, 'query'),
    ...namedParameters(facts, 'headers'),
  ];
  return {
    operationId,
    ...(summary === undefined ? {} : { summary }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    security: security(facts),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(facts),
    responses: { '2XX': success(facts), ...problemResponses(options) },
  };
}

/** Any one of the schemes will do; an empty list says that none is needed. */
function security({ options: { auth }, securityNames }: OperationFacts): object[] {
  if (auth === false) return [];
  const names: readonly string[] = typeof auth === 'string' ? [auth] : auth;
  return names.flatMap((name) => (securityNames.get(name) ?? [name]).map((key) => ({ [key]: [] })));
}

/** Every name of the template, described by the schema of the parameters where it has it. */
function pathParameters({ operationId, options, pathNames, schemas, lost }: OperationFacts): object[] {
  const { params, jsonSchema } = options;
  const whole =
    params === undefined
      ? {}
      : jsonSchemaOf(params, 'input', jsonSchema?.params, (why) => lost('params', why));
  const members = schemas.members(`${operationId}Params`, whole);
  return pathNames.map(({ own, shown }) => ({
    name: shown,
    in: 'path',
    required: true,
    schema: members !== undefined && Object.hasOwn(members, own) ? members[own] : { type: 'string' },
  }));
}

function namedParameters(
  { operationId, options, schemas, lost }: OperationFacts,
  part: 'query' | 'headers',
): object[] {
  const schema = options[part];
  if (schema === undefined) return [];
  const whole = jsonSchemaOf(schema, 'input', options.jsonSchema?.[part], (why) => lost(part, why));
  const name = `${operationId}${part === 'query' ? 'Query' : 'Headers'}`;
  const required = Array.isArray(whole['required']) ? whole['required'] : [];
  return Object.entries(schemas.members(name, whole) ?? {})
    .filter(([member]) => part === 'query' || !NO_PARAMETERS.includes(member.toLowerCase()))
    .map(([member, inner]) => ({
      name: member,
      in: LOCATIONS[part],
      ...(required.includes(member) ? { required: true } : {}),
      schema: inner,
    }));
}

function requestBody({ operationId, options, schemas, lost }: OperationFacts): object {
  const { body, bodyTypes = ['json'], jsonSchema } = options;
  if (body === undefined) return {};
  const whole = jsonSchemaOf(body, 'input', jsonSchema?.body, (why) => lost('body', why));
  const schema = schemas.place(`${operationId}Body`, whole);
  const types = bodyTypes.flatMap((type) => MEDIA_TYPES[type].filter((name) => !name.includes('*')));
  return { requestBody: { required: true, content: contentOf(types, schema) } };
}

/** A host cannot know which success status a handler chooses. */
function success({ operationId, options: { response, jsonSchema }, schemas, lost }: OperationFacts): object {
  const description = 'Success.';
  if (response === undefined) return { description };
  const schema = schemas.place(
    `${operationId}Response`,
    jsonSchemaOf(response, 'output', jsonSchema?.response, (why) => lost('response', why)),
  );
  return { description, content: contentOf(['application/json'], schema) };
}

function contentOf(types: readonly string[], schema: JsonSchema): object {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}
