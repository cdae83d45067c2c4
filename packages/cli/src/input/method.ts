/** The `--method` option: a request method (RFC 9110 §9.1). */
import { usage } from '../failure.js';

/**
 * The method in capitals, as those of the standard are written.
 *
 * @throws Failure for what is none, and for CONNECT, which asks for a tunnel and not for a resource (§9.3.6).
 */
export function method(text: string): string {
  const name = text.toUpperCase();
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(text) && name !== 'CONNECT') return name;
  throw usage('--method is no method of a request.', 'Give one: GET, POST, PUT, DELETE, …');
}
