/** What would change a decision: the what-ifs that make a refused token an accepted one. */
import { type Explanation, explain, inspect, type JwtValidator, type WhatIf } from '@tokenwright/jwt';
import { escapedJson } from './escaping.js';
import { print, styled } from './terminal.js';

/** A what-if under which the token is accepted. */
export interface Remedy {
  /** The option that asks it. */
  readonly option: string;
  /** What it would mean. */
  readonly meaning: string;
}

/** The single changes under which a refused token would be accepted; none for an accepted one. */
export async function remediesFor(
  token: string,
  validator: JwtValidator,
  report: Explanation,
): Promise<readonly Remedy[]> {
  if (report.accepted) return [];
  const helping: Remedy[] = [];
  for (const { whatIf, ...remedy } of candidates(token)) {
    if ((await explain(token, validator, whatIf)).accepted) helping.push(remedy);
  }
  return helping;
}

/** Prints them under a title of their own. */
export function printRemedies(remedies: readonly Remedy[]): void {
  if (remedies.length === 0) return;
  print('');
  print(styled('bold', 'would be accepted'));
  const width = Math.max(...remedies.map(({ option }) => option.length));
  for (const { option, meaning } of remedies) print(`  with ${option.padEnd(width)}  ${meaning}`);
  print('');
}

interface Candidate extends Remedy {
  readonly whatIf: WhatIf;
}

function candidates(token: string): readonly Candidate[] {
  const { audience, expiresAt, notBefore, issuedAt } = inspect(token);
  const begin = notBefore ?? issuedAt;
  return [
    ...(expiresAt === undefined
      ? []
      : [atTime(expiresAt.getTime() - 1000, 'the last second before it ended')]),
    ...(begin === undefined ? [] : [atTime(begin.getTime(), 'the moment it became valid')]),
    ...audience.map((name) => ({
      option: `--audience ${escapedJson(name)}`,
      meaning: 'an audience it has',
      whatIf: { audience: name },
    })),
  ];
}

function atTime(time: number, meaning: string): Candidate {
  const at = new Date(time);
  return { option: `--at ${at.toISOString().replace('.000Z', 'Z')}`, meaning, whatIf: { at } };
}
