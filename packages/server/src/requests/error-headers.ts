/** Which header fields a thrown error may send: those that explain a refusal, and no others. */
import { validateHeaderValue } from 'node:http';

/** Fields that belong to an error's status (RFC 9110 §15.5, RFC 6585 §4, RFC 9449 §8), in lower case. */
const EXPLAINING: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-patch',
  'accept-post',
  'allow',
  'content-range',
  'dpop-nonce',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
]);

/** What a server that is away may always say: when to come back (RFC 9110 §15.6.4). */
export const UNAVAILABLE: ReadonlySet<string> = new Set(['retry-after']);

/**
 * The fields among `headers` that may be sent. All others are left out, for an error can come from a client of another
 * service with that service's whole answer on it; so are values that Node.js would refuse to send.
 */
export function explainingHeaders(
  headers: unknown,
  explaining: ReadonlySet<string> = EXPLAINING,
): Readonly<Record<string, string | readonly string[]>> {
  if (typeof headers !== 'object' || headers === null) return {};
  const sent: Record<string, string | readonly string[]> = {};
  for (const [name, given] of fieldsOf(headers)) {
    if (!explaining.has(name.toLowerCase())) continue;
    const value: unknown = typeof given === 'number' ? String(given) : given;
    if (isSendable(name, value)) sent[name] = value;
  }
  return sent;
}

/** None where a member throws when it is read. */
function fieldsOf(headers: object): [string, unknown][] {
  try {
    return Object.entries(headers);
  } catch {
    return [];
  }
}

function isSendable(name: string, value: unknown): value is string | readonly string[] {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string' && isSendable(name, one));
  if (typeof value !== 'string') return false;
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
