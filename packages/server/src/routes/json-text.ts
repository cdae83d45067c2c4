/** JSON as requests send it (RFC 8259): in UTF-8 and nothing else, without a member that would change a prototype. */

/** Strict, unlike that of a stream, which would put U+FFFD in the place of what is none: two texts would become one. */
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** `__proto__`, perhaps with escapes. */
const SUSPICIOUS = /__proto__|\\u00/i;

/**
 * The value of a JSON text.
 *
 * @throws SyntaxError for what is no UTF-8 (RFC 8259 §8.1), no JSON, or has a member named `__proto__`
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  return SUSPICIOUS.test(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text);
}

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new SyntaxError('the text is not UTF-8');
  }
}

function refusePrototype(name: string, value: unknown): unknown {
  if (name === '__proto__') throw new SyntaxError('the text has a member named __proto__');
  return value;
}
