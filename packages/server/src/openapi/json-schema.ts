/** JSON Schemas (draft 2020-12) of Standard Schemas, made fit to stand inside an OpenAPI 3.1 document. */
import { isError } from '../requests/thrown.js';
import type { JsonSchema, StandardSchema } from '../routes/standard-schema.js';

/** What is said where a schema cannot say what it is: anything goes, as far as JSON Schema knows. */
const OPEN: JsonSchema = Object.freeze({ description: 'Not described in JSON Schema.' });

/** Members whose values are data, not schemas: a `$ref` in them refers to nothing. */
const DATA = ['const', 'enum', 'default', 'examples', 'example'];

/** How libraries are told to leave open what they have no words for: zod by the one, valibot by the other. */
const LENIENT = { unrepresentable: 'any', errorMode: 'ignore' };

/** Told what a document does not say, and why. */
export type Lost = (what: string, reason: string) => void;

/**
 * The JSON Schema of a schema: the one given, else what the schema says of itself by Standard JSON Schema, else an open one.
 * Where a part has no words in JSON Schema, such as a date, that part alone is open, and `lost` is told.
 *
 * @param side - what the schema takes (`input`, of a request) or what it gives (`output`, of an answer)
 */
export function jsonSchemaOf(
  schema: StandardSchema,
  side: 'input' | 'output',
  given: JsonSchema | undefined,
  lost: (reason: string) => void,
): JsonSchema {
  const found = given ?? described(schema, side, lost);
  const { $schema, $id, ...rest } = found;
  return rest;
}

/** Converters throw for what JSON Schema has no words for. */
function described(
  schema: StandardSchema,
  side: 'input' | 'output',
  lost: (reason: string) => void,
): JsonSchema {
  const converter = schema['~standard'].jsonSchema;
  if (typeof converter?.[side] !== 'function') {
    lost('the schema does not describe itself');
    return OPEN;
  }
  const target = 'draft-2020-12';
  try {
    return converter[side]({ target });
  } catch (error) {
    lost(isError(error) ? error.message : 'the schema cannot describe itself');
  }
  try {
    return converter[side]({ target, libraryOptions: LENIENT });
  } catch {
    return OPEN;
  }
}

/** The schemas under `components`, which others refer to. */
export class SharedSchemas {
  readonly #schemas: Record<string, JsonSchema> = {};

  /** All of them, by name. */
  get all(): Readonly<Record<string, JsonSchema>> {
    return this.#schemas;
  }

  /**
   * The schema to put in place. One that refers to its own parts (`#/$defs/…`, or `#` when it is recursive) moves to
   * `components`, for in the document `#` is the document.
   */
  place(name: string, schema: JsonSchema): JsonSchema {
    if (!refersToItself(schema)) return schema;
    const pointer = `#/components/schemas/${name}`;
    this.#schemas[name] = relocated(schema, pointer) as JsonSchema;
    return { $ref: pointer };
  }

  /**
   * The schemas of the members of an object, one each, or undefined where the schema has no members to show.
   */
  members(name: string, schema: JsonSchema): Readonly<Record<string, JsonSchema>> | undefined {
    const { properties } = schema;
    if (typeof properties !== 'object' || properties === null) return undefined;
    const placed = this.place(name, schema);
    const entries = Object.entries(properties as Record<string, JsonSchema>);
    if (placed === schema) return Object.fromEntries(entries);
    return Object.fromEntries(
      entries.map(([key]) => [key, { $ref: `${String(placed['$ref'])}/properties/${token(key)}` }]),
    );
  }
}

/** A token of a JSON Pointer in a URI fragment (RFC 6901 §3, §6). */
function token(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function isLocal(key: string, value: unknown): value is string {
  return key === '$ref' && typeof value === 'string' && (value === '#' || value.startsWith('#/'));
}

function refersToItself(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([key, value]) => isLocal(key, value) || (!DATA.includes(key) && refersToItself(value)),
  );
}

function relocated(schema: unknown, pointer: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => relocated(item, pointer));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (isLocal(key, value)) return [key, pointer + value.slice(1)];
      return [key, DATA.includes(key) ? value : relocated(value, pointer)];
    }),
  );
}
