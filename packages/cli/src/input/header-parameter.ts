/** The `--header` option of `issue`: `name=text`, or `name:=JSON`. */
import { usage } from '../failure.js';
import { namedValue } from './named-value.js';

/** Parameters with options of their own, or that come from the key. */
const OWN_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['alg', 'It comes from the key: --alg.'],
  ['kid', 'It comes from the key.'],
  ['typ', 'Use --typ.'],
  ['enc', 'Use --enc.'],
]);

/**
 * Adds one use of the option to those before it.
 *
 * @throws Failure for a parameter without a name, one that was given before, and a value that is not the JSON it says to be.
 */
export function collectParameter(
  text: string,
  before: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  const { name, value } = namedValue(text, '--header');
  const own = OWN_OPTIONS.get(name);
  if (own !== undefined) throw usage(`--header cannot set ${name}.`, own);
  if (before.has(name)) throw usage(`--header sets ${name} twice.`, 'Give each parameter once.');
  return new Map(before).set(name, value());
}
