/** Members that stand more than once in one object, which JSON.parse does not tell (RFC 8259 §4). */
import { inspect } from '@tokenwright/jwt/inspect';

/** Whether an object in a JSON text has two members of one name, at any depth: readers differ in which they take. */
export function hasRepeatedMembers(json: string): boolean {
  // The reader of tokens looks for them, so the text is shown to it as one.
  const payload = Buffer.from(`{"json":${json}}`).toString('base64url');
  const { repeated } = inspect(`e30.${payload}.`);
  return repeated.length > 0;
}
