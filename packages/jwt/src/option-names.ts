/** Refuses options that nobody reads: from JavaScript, a slip such as `requiredClaim` would quietly ask for nothing. */
import { InvalidOption } from './errors.js';
import { nearest } from './nearest.js';

/** What other libraries, and RFC 7519, call the options. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['aud', 'audience'],
  ['iss', 'issuer'],
  ['secret', 'keys'],
  ['key', 'keys'],
  ['publicKey', 'keys'],
  ['leeway', 'clockTolerance'],
  ['clockSkew', 'clockTolerance'],
  ['maxTokenAge', 'maxAge'],
  ['expiresIn', 'validFor'],
  ['ttl', 'validFor'],
]);

/**
 * @param known the options there are, each as a member.
 * @param where the call they are given to, for people.
 * @throws InvalidOption for what is no object, and for a name that is not among them, with the nearest that is.
 */
export function checkOptionNames(
  options: unknown,
  known: Readonly<Record<string, true>>,
  where: string,
): void {
  const names = Object.keys(known);
  const list = `The options are ${names.join(', ')}.`;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new InvalidOption('options', 'is no object with options', list);
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const elsewhere = ELSEWHERE.get(name);
    const meant = elsewhere !== undefined && names.includes(elsewhere) ? elsewhere : nearest(name, names);
    throw new InvalidOption(
      name.slice(0, 40),
      `is no option of ${where}`,
      meant === undefined ? list : `Did you mean ${meant}?`,
    );
  }
}
