/** Shows what a token says about itself, and says first that nobody has checked it. */
import type { Inspection } from '@tokenwright/jwt/inspect';
import { escapedJson, printable } from './escaping.js';
import { humanTime } from './human-times.js';
import { print, styled } from './terminal.js';

/** Prints an inspection for people. @param now milliseconds since 1970. */
export function printInspection(inspection: Inspection, now: number): void {
  const { kind, header, claims, repeated, faults } = inspection;
  print(
    styled(
      ['bold', 'yellow'],
      'NOT VERIFIED: anybody can have written this. `tokenwright verify` checks it.',
    ),
  );
  printMembers('header', header, now);
  if (kind === 'encrypted') printMembers('claims', undefined, now, 'hidden: the token is encrypted');
  else printMembers('claims', claims, now);
  if (repeated.length > 0 || faults.length > 0) print('');
  for (const { name, values } of repeated) {
    const all = values.map((value) => escapedJson(value)).join(', then ');
    print(styled('yellow', `repeated: ${memberName(name)} is ${all}; readers differ in which they take`));
  }
  for (const { part, fault } of faults) print(styled('red', `fault: ${part} ${printable(fault)}`));
}

/** The inspection as the JSON that `--json` promises: every member always there, `null` where nothing can be read. */
export function inspectionJson(inspection: Inspection): Record<string, unknown> {
  return {
    verified: inspection.verified,
    kind: inspection.kind,
    header: inspection.header ?? null,
    claims: inspection.claims ?? null,
    algorithm: inspection.algorithm ?? null,
    issuer: inspection.issuer ?? null,
    subject: inspection.subject ?? null,
    audience: inspection.audience,
    issuedAt: inspection.issuedAt ?? null,
    notBefore: inspection.notBefore ?? null,
    expiresAt: inspection.expiresAt ?? null,
    repeated: inspection.repeated,
    faults: inspection.faults,
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
