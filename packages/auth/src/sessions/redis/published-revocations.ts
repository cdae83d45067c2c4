/** Reads from Redis what was revoked since the last time, and hears when something is. */
import type { RevocationCopy } from '../revocation.js';
import type { RedisClient, RedisSubscriber, Scripts } from './client.js';
import type { Keys } from './keys.js';
import { nonceOf, readMark, revokedForAll } from './marks.js';
import { PAGE, SINCE } from './scripts.js';

/** So many of the last revocations are remembered: so many would have to be revoked again for all to be read again. */
const REMEMBERED = 8;

/** Where a process has come to in the order of revocations. */
export class PublishedRevocations {
  readonly #client: RedisClient;
  readonly #scripts: Scripts;
  readonly #keys: Keys;
  #subscriber: RedisSubscriber | undefined;
  /**
   * The last revocations that were read, the last first: their numbers, and what each is known by, for after a crash Redis may
   * give a number to another one. More than one, because one that is revoked again gets another number.
   */
  #last: readonly (readonly [sequence: string, nonce: string])[] = [];

  constructor(client: RedisClient, scripts: Scripts, keys: Keys) {
    this.#client = client;
    this.#scripts = scripts;
    this.#keys = keys;
  }

  /** Takes in the next page, from the beginning when what it had come to is no longer there. */
  async takePage(copy: RevocationCopy): Promise<boolean> {
    const [state, marks, order] = this.#keys.revocations;
    const answer = await this.#scripts.run(SINCE, [state, marks, order], ...this.#last.flat());
    const [allEra, allAt, ...found] = answer as (string | null)[];
    const forAll = revokedForAll(allEra, allAt);
    if (forAll !== undefined) copy.add(forAll);
    const read: (readonly [string, string])[] = [];
    for (let index = 0; index < found.length; index += 3) {
      const [mark, value, sequence] = found.slice(index, index + 3) as [string, string | null, string];
      const revocation = readMark(mark, value);
      if (revocation !== undefined) copy.add(revocation);
      read.push([sequence, nonceOf(value ?? '')]);
    }
    this.#last = [...read.slice(-REMEMBERED).reverse(), ...this.#last].slice(0, REMEMBERED);
    return found.length === 3 * PAGE;
  }

  /** Calls whenever something was revoked, over a connection of its own that comes back by itself. */
  listen(call: () => void): void {
    const subscriber = this.#client.duplicate();
    this.#subscriber = subscriber;
    subscriber.on('error', () => {});
    subscriber.on('ready', call);
    subscriber
      .connect()
      .then(() => subscriber.subscribe(this.#keys.channel, call))
      .catch(() => {});
  }

  close(): void {
    try {
      this.#subscriber?.destroy();
    } catch {
      // It was not connected.
    }
  }
}
