/** Reads from Redis what was revoked since the last time, and hears when something is. */
import type { RevocationCopy } from '../revocation.js';
import type { RedisClient, RedisSubscriber, Scripts } from './client.js';
import type { Keys } from './keys.js';
import { nonceOf, readMark, revokedForAll } from './marks.js';
import { PAGE, SINCE } from './scripts.js';

/** Where a process has come to in the order of revocations. */
export class PublishedRevocations {
  readonly #client: RedisClient;
  readonly #scripts: Scripts;
  readonly #keys: Keys;
  #subscriber: RedisSubscriber | undefined;
  #sequence = 0;
  /** What the revocation with that number is known by: after a crash Redis may give the number to another one. */
  #nonce = '';

  constructor(client: RedisClient, scripts: Scripts, keys: Keys) {
    this.#client = client;
    this.#scripts = scripts;
    this.#keys = keys;
  }

  /** Takes in the next page, from the beginning when what it had come to is no longer there. */
  async takePage(copy: RevocationCopy): Promise<boolean> {
    const [state, marks, order] = this.#keys.revocations;
    const answer = await this.#scripts.run(SINCE, [state, marks, order], this.#sequence, this.#nonce);
    const [allEra, allAt, ...found] = answer as (string | null)[];
    const forAll = revokedForAll(allEra, allAt);
    if (forAll !== undefined) copy.add(forAll);
    for (let index = 0; index < found.length; index += 3) {
      const [mark, value, sequence] = found.slice(index, index + 3) as [string, string | null, string];
      const revocation = readMark(mark, value);
      if (revocation !== undefined) copy.add(revocation);
      this.#sequence = Number(sequence);
      this.#nonce = nonceOf(value ?? '');
    }
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
