/** The interfaces of Standard Schema and Standard JSON Schema, version 1, as far as routes use them (standardschema.dev). */

/**
 * A schema of any library that follows Standard Schema: zod 4, valibot, arktype and others. Written out here, as the
 * standard invites to, so that no schema library and no package of types is needed to use a route.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    /** Never there at run time: it carries the types. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    /** Standard JSON Schema: how the schema describes itself, where it can. */
    readonly jsonSchema?: JsonSchemaConverter | undefined;
  };
}

/** A good value, or what is wrong with it. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that is wrong. The message is the schema library's, or the application's own. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A JSON Schema of draft 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Gives the JSON Schema of what a schema takes and of what it gives; throws where there is none. */
export interface JsonSchemaConverter {
  readonly input: (options: JsonSchemaTarget) => Record<string, unknown>;
  readonly output: (options: JsonSchemaTarget) => Record<string, unknown>;
}

/** What a converter is asked for. */
export interface JsonSchemaTarget {
  readonly target: 'draft-2020-12';
  /** Options of the library's own. */
  readonly libraryOptions?: Record<string, unknown> | undefined;
}

/** What a schema gives for a good value: for zod `z.output`, for valibot `InferOutput`. */
export type SchemaOutput<Schema> = Schema extends {
  readonly '~standard': { readonly types?: infer Types };
}
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : never;

/** Whether a value is a schema. arktype's are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as Partial<StandardSchema>)['~standard'];
  return standard?.version === 1 && typeof standard.validate === 'function';
}
