/** What the lab's two endpoints take, as schemas of the routes. */
import type { StandardResult, StandardSchema } from '../routes/standard-schema.js';
import { FAULTS, type Fault } from './broken-token.js';

/** Longer tokens are none of the lab's. */
const LONGEST = 100_000;

/** `{ token? }`: without one, why a request without a token is refused. */
export const explanationRequest: StandardSchema<unknown, { readonly token: string | undefined }> = schema(
  ({ token }) => {
    if (token !== undefined && !isToken(token)) return undefined;
    return { token };
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
