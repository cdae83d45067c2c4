/** Members that stand more than once in a JSON object: `JSON.parse` keeps the last of them and says nothing (RFC 7515 §4, RFC 7519 §4). */
import { MAX_DEPTH } from './json.js';

/** A member that stands more than once in one object. */
export interface RepeatedMember {
  readonly name: string;
  /** Every value, in the order of the text. */
  readonly values: readonly unknown[];
}

/** Whether an object of this text, at any depth, has a member twice. No value is parsed for it. */
export function hasRepeatedMember(text: string): boolean {
  for (const { members } of objectsIn(text)) {
    if (new Set(members.map(({ name }) => name)).size < members.length) return true;
  }
  return false;
}

/**
 * The members that stand more than once in an object of this text, at any depth. What repeats inside of their own values
 * is not told by itself, so that each value is parsed once, however deep it stands.
 */
export function repeatedMembers(text: string): RepeatedMember[] {
  const found: Repeat[] = [];
  for (const { start, members } of objectsIn(text)) {
    const repeated = [...byName(members)].filter(([, values]) => values.length > 1);
    if (repeated.length === 0) continue;
    const inside = found.splice(found.findLastIndex((repeat) => repeat.start < start) + 1);
    for (const repeat of outsideOf(new Set(repeated.map(([name]) => name)), members, inside))
      found.push(repeat);
    for (const [name, values] of repeated) found.push({ name, values, start });
  }
  return found.map(({ name, values }) => ({
    name,
    values: values.map((value) => JSON.parse(text.slice(value.start, value.end)) as unknown),
  }));
}

/** A part of the text. */
interface Range {
  readonly start: number;
  readonly end: number;
}

interface Member extends Range {
  readonly name: string;
}

/** A name, where its values stand, and where the object begins that has them. */
interface Repeat {
  readonly name: string;
  readonly values: readonly Range[];
  readonly start: number;
}

function byName(members: readonly Member[]): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const group = groups.get(member.name);
    if (group === undefined) groups.set(member.name, [member]);
    else group.push(member);
  }
  return groups;
}

/** What was found in members of other names; both lists are in the order of the text. */
function outsideOf(
  names: ReadonlySet<string>,
  members: readonly Member[],
  inside: readonly Repeat[],
): Repeat[] {
  let index = 0;
  return inside.filter(({ start }) => {
    while ((members[index]?.end ?? start) < start) index += 1;
    return !names.has(members[index]?.name ?? '');
  });
}

/** An object or array being read; an array never gets a name, so it never has members. */
interface Container {
  readonly start: number;
  readonly members: Member[];
  name: string | undefined;
  valueStart: number;
}

/**
 * The objects of a text, each when it ends, so that those inside come first. The text must be JSON that `JSON.parse`
 * accepts. Members deeper than {@link MAX_DEPTH} are not looked at, which bounds the work; if what holds them is not refused
 * as too deep, it is itself one of several of its name.
 */
function* objectsIn(text: string): Generator<Pick<Container, 'start' | 'members'>> {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  const open: Container[] = [];
  let lastString = '';
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const [token] = match;
    const container = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ start: match.index, members: [], name: undefined, valueStart: 0 });
    } else if (token === ':') {
      if (container !== undefined && open.length <= MAX_DEPTH)
        Object.assign(container, { name: lastString, valueStart: tokens.lastIndex });
    } else if (token === ',' || token === '}' || token === ']') {
      if (container !== undefined) endMember(container, match.index);
      if (token === ',' || container === undefined) continue;
      open.pop();
      if (container.members.length > 1) yield container;
    } else {
      lastString = token;
    }
  }
}

function endMember(container: Container, end: number): void {
  if (container.name === undefined) return;
  const name = JSON.parse(container.name) as string;
  container.members.push({ name, start: container.valueStart, end });
  container.name = undefined;
}
