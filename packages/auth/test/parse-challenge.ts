/** Reads a challenge as RFC 9110 §11.6.1 writes it; written apart from what builds them, so that it can judge it. */

/** One challenge, taken apart. */
export interface ParsedChallenge {
  scheme: string;
  parameters: Record<string, string>;
}

/** @throws Error for what is not exactly one challenge with quoted parameters. */
export function parseChallenge(value: string): ParsedChallenge {
  const head = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+/.exec(value)?.[0];
  if (head === undefined) throw new Error(`no scheme in ${JSON.stringify(value)}`);
  const parameters: Record<string, string> = {};
  let rest = value.slice(head.length);
  let separator = / +/y;
  while (rest !== '') {
    const between = rest.match(new RegExp(`^${separator.source}`))?.[0];
    if (between === undefined) throw new Error(`expected a parameter at ${JSON.stringify(rest)}`);
    const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)="((?:[\t \x21\x23-\x5b\x5d-\x7e]|\\[\t\x20-\x7e])*)"/.exec(
      rest.slice(between.length),
    );
    if (found?.[1] === undefined || found[2] === undefined)
      throw new Error(`no parameter at ${JSON.stringify(rest)}`);
    if (Object.hasOwn(parameters, found[1])) throw new Error(`${found[1]} stands there twice`);
    parameters[found[1]] = found[2].replace(/\\(.)/g, '$1');
    rest = rest.slice(between.length + found[0].length);
    separator = / *, */y;
  }
  return { scheme: head, parameters };
}
