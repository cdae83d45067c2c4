/** The keys of the Redis store. What stands in braces decides the slot of a cluster, and a script stays within one slot. */
import { createHash } from 'node:crypto';

/** The keys of one store, under its prefix. */
export class Keys {
  /** What was revoked, all in one slot: `state`, `marks`, `order`, `ends`, in the order in which scripts take them. */
  readonly revocations: readonly [state: string, marks: string, order: string, ends: string];
  /** The channel on which processes hear that something was revoked. */
  readonly channel: string;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    const inSlot = (name: string): string => `{${prefix}:revocations}:${name}`;
    this.revocations = [inSlot('state'), inSlot('marks'), inSlot('order'), inSlot('ends')];
    this.channel = `${prefix}:revoked`;
  }

  session(id: string): string {
    return `${this.#prefix}:{${id}}`;
  }

  /** The IDs of a subject's sessions. */
  subject(subject: string): string {
    return `${this.#prefix}:subject:{${digest(subject)}}`;
  }

  counter(key: string): string {
    return `${this.#prefix}:count:{${digest(key)}}`;
  }
}

/** Of a fixed size and without braces, whatever a subject is called. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
