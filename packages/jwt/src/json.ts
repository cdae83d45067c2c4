/** JSON as tokens need it: objects only, bounded in depth. */

/** Deeper JSON than this is refused: nothing a token is for needs it. */
export const MAX_DEPTH = 64;

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
