/** Reads `WWW-Authenticate` (RFC 9110 §11.6.1): schemes with their parameters, several in one field or in many. */

/** One challenge. */
export interface Challenge {
  /** As it was written; schemes are compared without regard to case. */
  readonly scheme: string;
  /** Names in lower case. The first of two with one name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = String.raw`[!#$%&'*+.^_\`|~\w-]+`;
const PARAMETER = new RegExp(
  String.raw`^[\s,]*(${TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|(${TOKEN}))\s*(?=,|$)`,
);
const SCHEME = new RegExp(String.raw`^[\s,]*(${TOKEN})(?:\s+(?!=)|\s*(?=,|$))`);
/** A token68 in place of parameters: `Negotiate YII=`. */
const TOKEN68 = /^[\w.~+/-]+=*\s*(?=,|$)/;

/** The challenges in the values of the field. What cannot be read ends the reading of its value. */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap((value) => challengesIn(value.slice(0, 8192)));
}

function challengesIn(value: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = value;
  while (rest.trim() !== '') {
    const parameter = PARAMETER.exec(rest);
    const current = challenges.at(-1);
    if (parameter !== null && current !== undefined) {
      const [whole, name = '', quoted, plain] = parameter;
      const key = name.toLowerCase();
      const text = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
      if (!current.parameters.has(key)) current.parameters.set(key, text);
      rest = rest.slice(whole.length);
      continue;
    }
    const scheme = SCHEME.exec(rest);
    if (scheme === null) break;
    challenges.push({ scheme: scheme[1] ?? '', parameters: new Map() });
    rest = rest.slice(scheme[0].length);
    if (!PARAMETER.test(rest) && SCHEME.exec(rest) === null) rest = rest.replace(TOKEN68, '');
  }
  return challenges;
}
