/** What the lab's two endpoints take, as schemas of the routes. */
import type { StandardResult, StandardSchema } from '../routes/standard-schema.js';
import { FAULTS, type Fault } from './broken-token.js';

/** Longer tokens are none of the lab's. */
const LONGEST = 100_000;

/** What is asked about a token. */
interface ExplanationRequest {
  /** Without one: why a request without a token is refused. */
  readonly token: string | undefined;
  /** Whether it is to be renewed. */
  readonly renewed: boolean;
  /** Claims that it should hold by now. */
  readonly expects: Readonly<Record<string, unknown>> | undefined;
}

/** `{ token?, renewed?, expects? }`. */
export const explanationRequest: StandardSchema<unknown, ExplanationRequest> = schema(
  ({ token, renewed = false, expects }) => {
    if (token !== undefined && !isToken(token)) return undefined;
    if (typeof renewed !== 'boolean' || (expects !== undefined && !isObject(expects))) return undefined;
    return { token, renewed, expects };
  },
);

/** `{ token, fault }`. */
export const brokenTokenRequest: StandardSchema<unknown, { readonly token: string; readonly fault: Fault }> =
  schema(({ token, fault }) => {
    const known = FAULTS.find((name) => name === fault);
    return isToken(token) && known !== undefined ? { token, fault: known } : undefined;
  });

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

function schema<Output>(
  read: (members: Readonly<Record<string, unknown>>) => Output | undefined,
): StandardSchema<unknown, Output> {
  const validate = (value: unknown): StandardResult<Output> => {
    const output = isObject(value) ? read(value) : undefined;
    return output === undefined
      ? { issues: [{ message: 'This is not what the token lab sends.' }] }
      : { value: output };
  };
  return { '~standard': { version: 1, vendor: 'tokenwright', validate } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
