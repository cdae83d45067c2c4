/** The `--claim` option: `name=text`, or `name:=JSON`. */
import { usage } from '../failure.js';
import { namedValue } from './named-value.js';

/** Claims with options of their own, which the option must not set behind their backs. */
const OWN_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['iss', 'Use --issuer.'],
  ['sub', 'Use --subject.'],
  ['aud', 'Use --audience.'],
  ['exp', 'Use --valid-for, --expires-at or --never-expires.'],
  ['nbf', 'Use --not-before.'],
  ['iat', 'Use --at.'],
  ['jti', 'Use --jwt-id.'],
]);

/**
 * Adds one use of the option to those before it.
 *
 * @throws Failure for a claim without a name, one that was given before, and a value that is not the JSON it says to be.
 */
export function collectClaim(
  text: string,
  before: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, unknown> {
  const { name, value } = namedValue(text, '--claim');
  const own = OWN_OPTIONS.get(name);
  if (own !== undefined) throw usage(`--claim cannot set ${name}.`, own);
  if (before.has(name)) throw usage(`--claim sets ${name} twice.`, `For a list write ${name}:='["a","b"]'.`);
  return new Map(before).set(name, value());
}
