/** Header parameters of one's own (RFC 7515 §4): everything but what this package writes, and what changes how a token is read. */
import { jsonCopy } from './claims.js';
import { InvalidOption } from './errors.js';
import { isObject } from './json.js';

/** Why nobody sets them. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['alg', 'It comes from the key, which has one algorithm.'],
  ['kid', 'It comes from the key: { …, kid }.'],
  ['crit', 'Extensions are not supported.'],
  ['b64', 'Unencoded payloads are not supported (RFC 7797).'],
  ['zip', 'Compression is not supported (RFC 8725 §3.6).'],
  ['jwk', 'A key that comes with its token proves nothing (RFC 8725 §3.10).'],
  ['jku', 'Validators do not follow links in tokens (RFC 8725 §3.10).'],
  ['x5u', 'Validators do not follow links in tokens (RFC 8725 §3.10).'],
  ...['enc', 'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'].map(
    (name) => [name, 'It belongs to encryption, which writes it.'] as const,
  ),
]);

/** Why they are not set as others are, where a builder has a say in them. */
const OF_BUILDER: ReadonlyMap<string, string> = new Map([
  ['typ', 'Use typ().'],
  ['cty', 'It is written for nested tokens only.'],
]);

/**
 * A frozen copy of a parameter's value, for a builder.
 *
 * @throws InvalidOption for a parameter that is reserved, or a value that JSON cannot carry as it is.
 */
export function checkedParameter(name: string, value: unknown): unknown {
  const reserved = RESERVED.get(name) ?? OF_BUILDER.get(name);
  if (reserved !== undefined) throw new InvalidOption(`protectedHeader ${name}`, 'is reserved', reserved);
  return jsonCopy(value, `protectedHeader ${name}`);
}

/**
 * A frozen copy of the parameters that are added to a header, on bytes.
 *
 * @throws InvalidOption for what is no plain object, a reserved parameter, a `typ` or `cty` that is no text, or a value that
 * JSON does not have.
 */
export function addedHeader(
  header: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  const copy = jsonCopy(header ?? {}, 'header');
  if (!isObject(copy))
    throw new InvalidOption('header', 'is no object', "Give { typ: 'JOSE' }, for example.");
  for (const [name, value] of Object.entries(copy)) {
    const reserved = RESERVED.get(name);
    if (reserved !== undefined) throw new InvalidOption(`header ${name}`, 'is reserved', reserved);
    if (OF_BUILDER.has(name) && typeof value !== 'string')
      throw new InvalidOption(`header ${name}`, 'is no string', 'Whoever reads the token would refuse it.');
  }
  return copy;
}
