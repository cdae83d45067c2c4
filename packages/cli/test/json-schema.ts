/** The JSON Schema of what `--json` prints, and a check against it. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The schema that is shipped. */
export const schema = JSON.parse(readFileSync(new URL('../schema/output.json', import.meta.url), 'utf8')) as {
  readonly $id: string;
  readonly $defs: Readonly<Record<string, unknown>>;
};

// The pattern of a time is checked; its format is for readers.
const ajv = new Ajv2020({ allErrors: true, validateFormats: false, allowUnionTypes: true });
ajv.addSchema(schema);

/** Throws unless standard output is empty, or one JSON value that the schema of the command takes. */
export function checkJson(args: readonly string[], stdout: string): void {
  if (stdout === '') return;
  const name = definitionFor(args);
  const validate = ajv.getSchema(`${schema.$id}#/$defs/${name}`) as ValidateFunction | undefined;
  if (validate === undefined) throw new Error(`there is no schema for ${name}`);
  if (validate(JSON.parse(stdout))) return;
  throw new Error(`the JSON is not what the schema of ${name} says: ${ajv.errorsText(validate.errors)}`);
}

/** The definition for a command line. */
export function definitionFor([command = '', second = '', ...more]: readonly string[]): string {
  const isUrl = [second, ...more].some(
    (word, index, words) => /^https?:/.test(word) && !words[index - 1]?.startsWith('--'),
  );
  if (command === 'explain') return isUrl ? 'explain-url' : 'explain';
  if (command === 'key') return second === 'thumbprint' ? 'key-thumbprint' : 'key';
  if (command === 'cert') return second === 'trust' ? 'cert-trust' : 'cert';
  return command;
}
