/** Holds the JSON of an answer against what a test expects of it. */
import type { StandardIssue, StandardSchema } from '../routes/standard-schema.js';

/** An answer, as far as it can be wrong. */
interface Answer {
  /** Method and path. */
  readonly asked: string;
  readonly status: number;
  readonly json: unknown;
}

/**
 * What a schema gives for the JSON of a successful answer.
 *
 * @throws Error for an answer of another status, or one that the schema does not take
 */
export async function jsonAsExpected(
  schema: StandardSchema,
  { asked, status, json }: Answer,
): Promise<unknown> {
  if (status < 200 || status > 299) {
    const { code } = Object(json) as { code?: unknown };
    throw new Error(
      `${asked} was to succeed and answered ${status}${typeof code === 'string' ? ` (${code})` : ''}.`,
    );
  }
  const result = await schema['~standard'].validate(json);
  if (result.issues === undefined) return result.value;
  throw new Error(
    `${asked} answered something else than expected: ${result.issues.map(described).join('; ')}`,
  );
}

function described({ message, path = [] }: StandardIssue): string {
  const names = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return names.length === 0 ? message : `${names.join('.')}: ${message}`;
}
