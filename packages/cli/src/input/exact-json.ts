/** JSON whose numbers stay as they were written: JavaScript keeps some 17 digits of a number, and JSON any (RFC 8259 §6). */

/** What stands before the digits of a number that is carried as text: random, so that no token can have it. */
let mark: string | undefined;

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The numbers of a JSON text that JavaScript would change, as they are written. */
export function inexactNumbers(json: string): readonly string[] {
  return (json.match(STRING_OR_NUMBER) ?? []).filter((one) => !one.startsWith('"') && !isExact(one));
}

/** The value of a JSON text, with such numbers carried as text that {@link withExactNumbers} takes for them again. */
export function parseExactly(json: string): unknown {
  if (inexactNumbers(json).length === 0) return JSON.parse(json);
  // Few tokens need it, and all would wait for it to be loaded.
  mark ??= `number ${process.getBuiltinModule('node:crypto').randomUUID()} `;
  const marked = json.replace(STRING_OR_NUMBER, (one) =>
    one.startsWith('"') || isExact(one) ? one : `"${mark}${one}"`,
  );
  return JSON.parse(marked);
}

/** The JSON of a value that {@link parseExactly} gave, with every number as it was written. */
export function withExactNumbers(json: string): string {
  return mark === undefined ? json : json.replace(new RegExp(`"${mark}([-+.\\deE]+)"`, 'g'), '$1');
}

/** Whether JavaScript's number has the same decimal value. */
function isExact(number: string): boolean {
  return decimal(number) === decimal(String(Number(number)));
}

/** A decimal in one spelling: its digits without outer zeros, and the power of ten of the last one. */
function decimal(number: string): string {
  const [, sign = '', whole = '', fraction = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return digits === '' && whole !== '' ? '0' : number;
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`;
}
