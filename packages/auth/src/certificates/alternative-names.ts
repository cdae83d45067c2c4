/** Subject alternative names (RFC 5280 §4.2.1.6), read from the text that Node.js makes of them. */

/** One name of a certificate, as `DNS:billing.internal`, `URI:spiffe://example.org/billing`, `email:…` or `IP Address:…`. */
export type AlternativeName = `${string}:${string}`;

/** A value without what could be taken for the end of it, or a JSON string: Node.js quotes whatever is ambiguous. */
const ENTRY = /(?<type>[A-Za-z][A-Za-z ]*):(?:(?<quoted>"(?:[^"\\]|\\.)*")|(?<plain>[^,"]*))(?:, |$)/y;

/**
 * The names in `subjectAltName`, each with its type. A value that holds a comma and `DNS:` stays one value.
 *
 * @returns undefined for a text that does not follow the grammar; then none of it is to be believed.
 */
export function alternativeNames(text: string | undefined): readonly AlternativeName[] | undefined {
  const names: AlternativeName[] = [];
  ENTRY.lastIndex = 0;
  while (text !== undefined && ENTRY.lastIndex < text.length) {
    const groups = ENTRY.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { type, quoted, plain } = groups;
    const value = quoted === undefined ? plain : unquoted(quoted);
    if (value === undefined) return undefined;
    names.push(`${type}:${value}`);
  }
  return names;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
