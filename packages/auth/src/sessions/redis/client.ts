/** What the Redis store needs of a client, and how it asks: a script at a time, for no longer than a request can wait. */
import { createHash } from 'node:crypto';
import { SessionsUnavailable } from '../store-errors.js';

/** A client or a cluster of the package `@redis/client` (or `redis`), connected by who made it. Valkey is spoken to alike. */
export interface RedisClient {
  readonly isReady: boolean;
  eval(script: string, options: ScriptInput): Promise<unknown>;
  evalSha(sha1: string, options: ScriptInput): Promise<unknown>;
  /** Another client with the same settings, not connected: it listens for revocations. */
  duplicate(): RedisSubscriber;
}

/** The client that listens. */
export interface RedisSubscriber {
  on(event: 'error' | 'ready', listener: () => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channel: string, listener: () => void): Promise<unknown>;
  destroy(): unknown;
}

/** The keys of a script, all in one slot, and its other arguments. */
export interface ScriptInput {
  keys: string[];
  arguments: string[];
}

/** A script with the digest that Redis knows it by. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/** A script in Lua. Redis runs it as one: nobody sees half of what it does. */
export function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** Runs scripts, and knows one way only in which that fails. */
export class Scripts {
  readonly #client: RedisClient;
  readonly #patience: number;

  /** @param patience how long to wait for an answer, in milliseconds */
  constructor(client: RedisClient, patience: number) {
    this.#client = client;
    this.#patience = patience;
  }

  /** @throws SessionsUnavailable when there is no answer, in time or at all. The change may have been made. */
  async run(
    { text, sha1 }: Script,
    keys: string[],
    ...values: readonly (string | number)[]
  ): Promise<unknown> {
    // A client that is not connected keeps commands until it is: far longer than a request can wait.
    if (!this.#client.isReady) throw new SessionsUnavailable('Redis is not connected.');
    const input = { keys, arguments: values.map(String) };
    try {
      return await this.#inTime(
        this.#client.evalSha(sha1, input).catch((error: unknown) => {
          // Redis has started anew, or a cluster has asked another node, and the script is not known there yet.
          if (!String((error as Error).message).startsWith('NOSCRIPT')) throw error;
          return this.#client.eval(text, input);
        }),
      );
    } catch (error) {
      if (error instanceof SessionsUnavailable) throw error;
      throw new SessionsUnavailable('Redis failed; its error is the cause of this one.', { cause: error });
    }
  }

  #inTime(answer: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new SessionsUnavailable(`Redis has not answered within ${this.#patience} ms.`));
      }, this.#patience);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }
}
