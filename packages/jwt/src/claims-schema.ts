/** A Standard Schema (standardschema.dev, version 1) of claims, written down structurally: no library is needed for it. */
import type { Claims } from './claims.js';
import { InvalidOption } from './errors.js';
import { type Finding, shown } from './finding.js';
import { isObject } from './json.js';
import { isThenable } from './thenable.js';

/**
 * A schema that a token's claims must satisfy, of any library that speaks Standard Schema: Zod, Valibot, ArkType.
 * `C` is what the schema takes in, because verified claims stay what the token holds.
 */
export interface ClaimsSchema<C extends object = Claims> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult>;
    readonly types?: { readonly input: C; readonly output: unknown } | undefined;
  };
}

/** What a schema answers. */
type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  /** Never shown: libraries repeat the value in it. */
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The names that everybody knows: those of {@link Claims}. */
const REGISTERED: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'],
  ...['auth_time', 'name', 'roles', 'scope'],
]);

/** The schema, when it is one. @throws InvalidOption for anything else. */
export function checkedSchema(schema: unknown): ClaimsSchema<object> {
  // Some libraries' schemas are functions with this member.
  const isPossible = (typeof schema === 'object' && schema !== null) || typeof schema === 'function';
  const standard = isPossible ? (schema as Partial<ClaimsSchema>)['~standard'] : undefined;
  if (standard?.version === 1 && typeof standard.validate === 'function')
    return schema as ClaimsSchema<object>;
  throw new InvalidOption(
    'claims',
    'is no Standard Schema of version 1',
    'Give a schema of a library that speaks it, such as z.object({ tier: z.number() }).',
  );
}

/** Why claims do not satisfy a schema; undefined when they do. A promise where the schema answers one. */
export function schemaFault(
  schema: ClaimsSchema<object>,
  claims: object,
): Finding | undefined | Promise<Finding | undefined> {
  const answer: unknown = schema['~standard'].validate(claims);
  if (isThenable(answer)) return Promise.resolve(answer).then((settled) => faultIn(settled, schema, claims));
  return faultIn(answer, schema, claims);
}

/** Only an answer with a value and without issues lets a token pass. */
function faultIn(answer: unknown, schema: ClaimsSchema<object>, claims: object): Finding | undefined {
  const { issues, value } = (answer ?? {}) as { issues?: unknown; value?: unknown };
  if (issues === undefined && value !== undefined) return undefined;
  const [first, ...deeper] = pathIn(issues);
  if (typeof first !== 'string' || !isNameOfSchema(first, schema, claims))
    return { reason: 'own_claim_invalid' };
  const claim = shown(first).slice(1, -1);
  return {
    reason: 'own_claim_invalid',
    claim,
    hint: `${deeper.length === 0 ? 'The' : 'Something in the'} claim ${claim} is not what the schema of this validator asks for.`,
  };
}

/** Where the first issue is. Whatever a schema answers, nothing of it is taken on trust. */
function pathIn(issues: unknown): readonly unknown[] {
  const issue: unknown = Array.isArray(issues) ? issues[0] : undefined;
  const path: unknown = (issue as Partial<SchemaIssue> | null | undefined)?.path;
  return Array.isArray(path) ? path.map((step: unknown) => (isObject(step) ? step['key'] : step)) : [];
}

/**
 * Whether the name of a claim is one that the schema knows by itself, and not one that it met in the token: of a map of
 * addresses, the members are what nobody may read in a log. Deeper names are never told, for the same reason.
 */
function isNameOfSchema(name: string, schema: object, claims: object): boolean {
  if (REGISTERED.has(name) || !Object.hasOwn(claims, name)) return true;
  // What an object schema holds its members in: Zod's `shape`, Valibot's `entries`.
  const { shape, entries } = schema as { shape?: unknown; entries?: unknown };
  return [shape, entries].some((members) => isObject(members) && Object.hasOwn(members, name));
}
