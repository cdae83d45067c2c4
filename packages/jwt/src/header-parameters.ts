/** Header parameters of one's own (RFC 7515 §4): everything but what the builder writes, and what changes how a token is read. */
import { jsonCopy } from './claims.js';
import { InvalidOption } from './errors.js';

const RESERVED: ReadonlyMap<string, string> = new Map([
  ['alg', 'It comes from the key: signWith(key, algorithm).'],
  ['kid', 'It comes from the key: signWith({ …, kid }).'],
  ['typ', 'Use typ().'],
  ['cty', 'It is written for nested tokens only.'],
  ['crit', 'Extensions are not supported.'],
  ['b64', 'Unencoded payloads are not supported (RFC 7797).'],
  ['zip', 'Compression is not supported (RFC 8725 §3.6).'],
  ['jwk', 'A key that comes with its token proves nothing (RFC 8725 §3.10).'],
  ['jku', 'Validators do not follow links in tokens (RFC 8725 §3.10).'],
  ['x5u', 'Validators do not follow links in tokens (RFC 8725 §3.10).'],
  ['enc', 'It belongs to encrypted tokens.'],
]);

/**
 * A frozen copy of a parameter's value.
 *
 * @throws InvalidOption for a parameter that is reserved, or a value that JSON cannot carry as it is.
 */
export function checkedParameter(name: string, value: unknown): unknown {
  const reserved = RESERVED.get(name);
  if (reserved !== undefined) throw new InvalidOption(`protectedHeader ${name}`, 'is reserved', reserved);
  return jsonCopy(value, `protectedHeader ${name}`);
}
