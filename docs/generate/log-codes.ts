/** The codes that the log has and a client never sees: why a credential was refused, with the words of the sources. */
import { entry } from './markdown.ts';
import { codesOfSources } from './source-codes.ts';

/** An entry for every code that has words beside it and is no error class's. */
export function logCodes(): string {
  const worded = new Map<string, { hint: string; fix: string }>();
  for (const { code, hint, fix } of codesOfSources())
    if (!code.startsWith('ERR_') && hint !== undefined && fix !== undefined && !worded.has(code))
      worded.set(code, { hint, fix });
  return [...worded]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, { hint, fix }]) => entry(`\`${code}\``, hint, fix))
    .join('\n');
}
