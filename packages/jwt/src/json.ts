/** JSON as tokens need it: objects only, bounded in depth, and repeated members seen (RFC 7515 §4, RFC 7519 §4). */

/** Deeper JSON than this is refused: nothing a token is for needs it. */
export const MAX_DEPTH = 64;

/** A member that stands more than once in one object. */
export interface RepeatedMember {
  readonly name: string;
  /** Every value, in the order of the text. */
  readonly values: readonly unknown[];
}

/** The object a text holds; undefined for anything that is no JSON object. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(value) ? value : undefined;
}

/** Whether a value is what JSON calls an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The members that stand more than once in an object of this text, at any depth. `JSON.parse` keeps the last of them
 * and says nothing, so the text itself is read. The text must be JSON that `JSON.parse` accepts. Members deeper than
 * {@link MAX_DEPTH} are not looked at, which bounds the work; if what holds them is not refused as too deep, it is itself
 * one of several of its name.
 */
export function repeatedMembers(text: string): RepeatedMember[] {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  const repeated: RepeatedMember[] = [];
  const open: Container[] = [];
  let lastString = '';
  for (let match = tokens.exec(text); match !== null; match = tokens.exec(text)) {
    const token = match[0];
    const container = open.at(-1);
    if (token === '{' || token === '[') {
      open.push({ members: new Map(), name: undefined, valueStart: 0 });
    } else if (token === ':') {
      if (container !== undefined && open.length <= MAX_DEPTH)
        Object.assign(container, { name: lastString, valueStart: tokens.lastIndex });
    } else if (token === ',' || token === '}' || token === ']') {
      if (container !== undefined) endMember(container, text, match.index);
      if (token !== ',') collectRepeated(open.pop(), repeated);
    } else {
      lastString = token;
    }
  }
  return repeated;
}

/** An object or array being read; an array never gets a name, so nothing of it is remembered. */
interface Container {
  members: Map<string, string[]>;
  name: string | undefined;
  valueStart: number;
}

function endMember(container: Container, text: string, end: number): void {
  if (container.name === undefined) return;
  const name = JSON.parse(container.name) as string;
  const value = text.slice(container.valueStart, end);
  const values = container.members.get(name);
  if (values === undefined) container.members.set(name, [value]);
  else values.push(value);
  container.name = undefined;
}

function collectRepeated(container: Container | undefined, into: RepeatedMember[]): void {
  for (const [name, values] of container?.members ?? []) {
    if (values.length > 1) into.push({ name, values: values.map((value) => JSON.parse(value) as unknown) });
  }
}

/** Freezes a parsed value with all that is in it; false, with nothing promised, when it is deeper than {@link MAX_DEPTH}. */
export function freezeDeep(value: object, depth = 1): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    // By index: for…in over an array takes longer than parsing it did.
    for (let index = 0; index < value.length; index += 1) {
      if (!freezeInner(value[index], depth)) return false;
    }
  } else {
    // for…in makes no list of the names, and parsed JSON inherits nothing that it would show.
    for (const name in value) {
      if (!freezeInner((value as Record<string, unknown>)[name], depth)) return false;
    }
  }
  Object.freeze(value);
  return true;
}

function freezeInner(inner: unknown, depth: number): boolean {
  return typeof inner !== 'object' || inner === null || freezeDeep(inner, depth + 1);
}
