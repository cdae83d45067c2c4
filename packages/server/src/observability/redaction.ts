/** Takes credentials out of what is logged, wherever they stand in it: a second line of defence, for records of all kinds. */
import { EventEmitter } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorRecord, errorRecord } from '../requests/error-record.js';
import { isError } from '../requests/thrown.js';
import { SECRET_JWK_MEMBERS } from '../secret-jwk-members.js';
import { isCredentialName } from './credential-names.js';
import { redactedText } from './redacted-text.js';

/** What stands in the place of a credential; pino's own word. */
const REDACTED = '[Redacted]';
/** What stands in the place of what is too deep, too much, or contains itself. */
const CUT = '[Cut]';
/** How deep a record is looked into, and how many objects of it at most: beyond either it is cut, never let through. */
const MOST = { depth: 8, objects: 1_000, members: 200 };

/** A record that is known to have no credential: such a one is not looked through. Its maker chose every member. */
export class PlainRecord {}

/**
 * A copy of a record without credentials. Errors keep name, message, code, stack and causes; requests and responses
 * of Node what tells them apart; Buffers their length.
 *
 * @param raw - names whose values are left as they are
 */
export function redacted(record: object, raw: ReadonlySet<string> = NONE): Record<string, unknown> {
  if (record instanceof PlainRecord) return record as unknown as Record<string, unknown>;
  return new Redaction(raw).whole(record);
}

/** The same for one value. */
export function redactedValue(value: unknown): unknown {
  return new Redaction(NONE).value(value, 0);
}

const NONE: ReadonlySet<string> = new Set();

/** One walk through one record. */
class Redaction {
  readonly #raw: ReadonlySet<string>;
  /** The objects around the one that is looked at: one that comes again contains itself. */
  readonly #around: object[] = [];
  #left = MOST.objects;

  constructor(raw: ReadonlySet<string>) {
    this.#raw = raw;
  }

  whole(record: object): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    for (const [name, value] of membersOf(record)) {
      if (this.#raw.has(name)) copy[name] = value;
      else put(copy, name, this.#member(name, value, 1));
    }
    return copy;
  }

  value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return redactedText(value);
    if (typeof value !== 'object' || value === null) return value;
    this.#left -= 1;
    if (depth > MOST.depth || this.#left < 0 || this.#around.includes(value)) return CUT;
    this.#around.push(value);
    try {
      return this.#object(value, depth);
    } catch {
      // A getter or a proxy of somebody's: what cannot be looked at is not logged.
      return CUT;
    } finally {
      this.#around.pop();
    }
  }

  #member(name: string, value: unknown, depth: number): unknown {
    if (isCredentialName(name) && !saysNothing(value)) return REDACTED;
    return this.value(value, depth);
  }

  #object(value: object, depth: number): unknown {
    if (isError(value)) return this.#error(errorRecord(value));
    if (value instanceof IncomingMessage) return this.#members(requestFacts(value), depth);
    if (value instanceof ServerResponse)
      return this.#members({ statusCode: value.statusCode, headers: value.getHeaders() }, depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if ('toJSON' in value && typeof value.toJSON === 'function')
      return this.value((value.toJSON as () => unknown)(), depth + 1);
    // Sockets, streams, servers: they lead to everything else in the process.
    if (value instanceof EventEmitter) return `[${value.constructor.name}]`;
    return Array.isArray(value) ? this.#list(value, depth) : this.#members(value, depth);
  }

  #members(value: object, depth: number): object {
    const copy: Record<string, unknown> = {};
    const isJwk = 'kty' in value;
    for (const [name, member] of membersOf(value)) {
      const secret = isJwk && SECRET_JWK_MEMBERS.has(name);
      put(copy, name, secret ? REDACTED : this.#member(name, member, depth + 1));
    }
    return copy;
  }

  /** Names and values may alternate (`rawHeaders`) or stand in pairs: what follows such a name is its value. */
  #list(list: readonly unknown[], depth: number): unknown[] {
    return list.slice(0, MOST.members).map((item, index) => {
      const name = list[index - 1];
      return typeof name === 'string' && isCredentialName(name)
        ? this.#member(name, item, depth + 1)
        : this.value(item, depth + 1);
    });
  }

  #error({ cause, ...record }: ErrorRecord): object {
    const { message, stack } = record;
    return {
      ...record,
      message: redactedText(message),
      ...(stack === undefined ? {} : { stack: redactedText(stack) }),
      ...(cause === undefined ? {} : { cause: this.#error(cause) }),
    };
  }
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).slice(0, MOST.members);
}

/** A member of its own, also when it is called `__proto__`. */
function put(copy: object, name: string, value: unknown): void {
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
}

/** `hasToken: true` and `password: null` tell nobody a credential. */
function saysNothing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'boolean';
}

/** Without the query: clients do put tokens there (RFC 6750 §5.3). */
function requestFacts({ method, url, headers, socket }: IncomingMessage): object {
  return {
    method,
    url: url?.split('?', 1)[0],
    headers,
    remoteAddress: socket?.remoteAddress,
    remotePort: socket?.remotePort,
  };
}
