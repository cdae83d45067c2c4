/** A Standard Schema (standardschema.dev, version 1) of claims, written down structurally: no library is needed for it. */
import type { Claims } from './claims.js';
import { InvalidOption } from './errors.js';
import { type Finding, shown } from './reasons.js';

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
  // Any promise counts, not only the runtime's own: an unawaited one has no issues and would pass.
  if (typeof (answer as PromiseLike<unknown> | undefined)?.then === 'function')
    return Promise.resolve(answer).then(faultIn);
  return faultIn(answer);
}

/** Only an answer with a value and without issues lets a token pass. */
function faultIn(answer: unknown): Finding | undefined {
  const { issues, value } = (answer ?? {}) as { issues?: readonly SchemaIssue[]; value?: unknown };
  if (issues === undefined && value !== undefined) return undefined;
  const path = pathOf(Array.isArray(issues) ? (issues as readonly SchemaIssue[])[0] : undefined);
  if (path === '') return { reason: 'own_claim_invalid' };
  return {
    reason: 'own_claim_invalid',
    claim: path,
    hint: `The claim ${path} is not what the schema of this validator asks for.`,
  };
}

/** Where the first issue is, as it is written in code: `address.lines[0]`. Names may come from the token, so they are bounded. */
function pathOf(issue: SchemaIssue | undefined): string {
  const steps = (issue?.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
  const path = steps
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
  return shown(path).slice(1, -1);
}
