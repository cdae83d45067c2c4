/** Tokens inside of JSON: what `issue --json` and `renew --json` print, and token responses (RFC 6749 §5.1). */
import { malformed } from '../failure.js';

const MEMBERS = ['access_token', 'token'];

/**
 * The token in a JSON object that has one as text; what is no JSON, as it is.
 *
 * @throws Failure for JSON of another kind.
 */
export function tokenFromJson(text: string): string {
  const json = jsonIn(text);
  if (json === undefined) return text;
  for (const name of MEMBERS) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (typeof value === 'string') return value;
  }
  throw malformed(
    'What was read is JSON without a token: it has neither access_token nor token as text.',
    'Look at it: it may be the answer to a request that was refused.',
  );
}

function jsonIn(text: string): Readonly<Record<string, unknown>> | undefined {
  // No token begins so.
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
