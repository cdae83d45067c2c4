/** What options that set members of JSON take: `name=text`, or `name:=JSON`. */
import { usage } from '../failure.js';
import { inexactNumbers } from './exact-json.js';
import { hasRepeatedMembers } from './repeated-members.js';

/** A name with its value, which is read only when it is asked for. */
export interface NamedValue {
  readonly name: string;
  /** @throws Failure for a value that is not the JSON it says to be. */
  readonly value: () => unknown;
}

/** Splits a use of an option. @throws Failure for one without a name. */
export function namedValue(text: string, option: string): NamedValue {
  const [, name, sign, value = ''] = /^(.+?)(:?=)(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw usage(`${option} is not of the form name=value.`, 'Write tier=gold for text, tier:=3 for JSON.');
  }
  return { name, value: () => (sign === '=' ? value : jsonIn(value, name)) };
}

function jsonIn(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw usage(`The value of ${name} is not JSON.`, `Write ${name}=… for text.`);
  }
  if (inexactNumbers(text).length > 0) {
    throw usage(
      `A number of ${name} has too many digits, or is too large, to stay exact.`,
      `Give it as text: ${name}=… or "…" in the JSON.`,
    );
  }
  if (hasRepeatedMembers(text)) {
    throw usage(
      `The JSON of ${name} has a member twice.`,
      'Readers differ in which they take: leave one out.',
    );
  }
  return value;
}
