/** Names of files that were given without the @ that has a file read. They are pointed at, and never read unasked. */
import { stat } from 'node:fs/promises';

/**
 * What to do where a file of the name is there; undefined where there is none.
 *
 * @param form what stands before the @: `hex:`.
 */
export async function forgottenAt(name: string, form = ''): Promise<string | undefined> {
  return (await isFile(name)) ? `There is a file ${name}: write ${form}@${name}` : undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Most tokens and secrets are longer than a name may be, and none has to be one.
    return false;
  }
}
