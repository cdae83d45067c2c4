/** Shows what a token says about itself, and says first that nobody has checked it. */
import type { Inspection } from '@tokenwright/jwt/inspect';
import { inexactNumbers, parseExactly } from '../input/exact-json.js';
import { escapedJson, printable } from './escaping.js';
import { humanTime } from './human-times.js';
import { print, styled } from './terminal.js';

/** Prints an inspection for people. @param now milliseconds since 1970. */
export function printInspection(token: string, inspection: Inspection, now: number): void {
  const { kind, repeated, faults } = inspection;
  const { header, claims, inexact } = exactParts(token, inspection);
  print(
    styled(
      ['bold', 'yellow'],
      'NOT VERIFIED: anybody can have written this. `tokenwright verify` checks it.',
    ),
  );
  printMembers('header', header, now);
  if (kind === 'encrypted') printMembers('claims', undefined, now, 'hidden: the token is encrypted');
  else printMembers('claims', claims, now);
  if (repeated.length + inexact.length + faults.length > 0) print('');
  for (const { name, values } of repeated) {
    const all = values.map((value) => escapedJson(value)).join(', then ');
    print(styled('yellow', `repeated: ${memberName(name)} is ${all}; readers differ in which they take`));
  }
  for (const number of inexact) {
    print(
      styled('yellow', `number: JavaScript reads ${number} as ${Number(number)}; readers differ in that`),
    );
  }
  for (const { part, fault } of faults) print(styled('red', `fault: ${part} ${printable(fault)}`));
}

/** The inspection as the JSON that `--json` promises: every member always there, `null` where nothing can be read. */
export function inspectionJson(token: string, inspection: Inspection): Record<string, unknown> {
  const { header, claims, inexact } = exactParts(token, inspection);
  return {
    verified: inspection.verified,
    kind: inspection.kind,
    header: header ?? null,
    claims: claims ?? null,
    algorithm: inspection.algorithm ?? null,
    issuer: inspection.issuer ?? null,
    subject: inspection.subject ?? null,
    audience: inspection.audience,
    issuedAt: inspection.issuedAt ?? null,
    notBefore: inspection.notBefore ?? null,
    expiresAt: inspection.expiresAt ?? null,
    repeated: inspection.repeated,
    inexact,
    faults: inspection.faults,
  };
}

/** Header and claims with every number as it is written in the token, and those that JavaScript would change. */
function exactParts(
  token: string,
  { kind, header, claims }: Inspection,
): { header: object | undefined; claims: object | undefined; inexact: readonly string[] } {
  const [head, payload] = token.split('.', 2).map((part) => Buffer.from(part, 'base64url').toString());
  const texts = [header && head, kind === 'encrypted' ? undefined : claims && payload];
  const [exactHeader, exactClaims] = texts.map((text) => text && (parseExactly(text) as object));
  return {
    header: exactHeader || undefined,
    claims: exactClaims || undefined,
    inexact: texts.flatMap((text) => inexactNumbers(text ?? '')),
  };
}

function printMembers(
  title: 'header' | 'claims',
  members: object | undefined,
  now: number,
  otherwise = 'cannot be read',
): void {
  print('');
  if (members === undefined) {
    print(`${styled('bold', title)}: ${otherwise}`);
    return;
  }
  print(styled('bold', title));
  const names = Object.keys(members).map(memberName);
  const width = Math.min(24, Math.max(0, ...names.map((name) => name.length)));
  for (const [name, value] of Object.entries(members) as [string, unknown][]) {
    const time = title === 'claims' ? humanTime(name, value, now) : undefined;
    const shown = `  ${memberName(name).padEnd(width)}  ${escapedJson(value)}`;
    print(time === undefined ? shown : `${shown}  ${styled('dim', time)}`);
  }
}

/** A name that is not plainly a name is quoted, so that it cannot pass for a line of its own. */
function memberName(name: string): string {
  return /^[\w.:/#-]+$/.test(name) ? name : escapedJson(name);
}
