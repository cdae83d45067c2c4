/**
 * Header fields that every answer has, as text that is made once. Node checks, keeps and writes each field of each
 * answer by itself, which for a dozen of them takes as long as reading the request.
 */
import {
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';

/** The field that is another one in every answer. */
export const REQUEST_ID = 'X-Request-Id';

/** Fields whose values Node has checked; none of those that frame a message (RFC 9112 §6). */
export class StandingHeaders {
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** As they are sent. */
  readonly text: string;
  readonly #names: ReadonlySet<string>;
  /** How long the names are, as bits: most others are told apart by that. */
  readonly #lengths: number;

  /** @throws TypeError for a name or a value that Node would refuse to send */
  constructor(fields: readonly (readonly [name: string, value: string])[]) {
    const checked = new ServerResponse(NO_REQUEST);
    for (const [name, value] of fields) checked.setHeader(name, value);
    this.fields = fields;
    this.text = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    this.#names = new Set([...checked.getHeaderNames(), REQUEST_ID.toLowerCase()]);
    this.#lengths = [...this.#names].reduce((bits, name) => bits | (1 << (name.length & 31)), 0);
  }

  has(name: string): boolean {
    return (this.#lengths & (1 << (name.length & 31))) !== 0 && this.#names.has(name.toLowerCase());
  }
}

/** The part of Node's response that its types leave out; the first is not documented either. */
interface Internals {
  _storeHeader(firstLine: string, headers: unknown): void;
  getRawHeaderNames(): string[];
}

const internals = ServerResponse.prototype as unknown as Internals;
const NO_REQUEST = {
  method: 'GET',
  httpVersionMajor: 1,
  httpVersionMinor: 1,
  headers: {},
} as IncomingMessage;

/**
 * A response whose standing fields are written behind the status line as they are. Whoever asks for one of them, sets it
 * or takes it away finds them among the others, for from then on they are.
 */
export class StandingResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  #standing: StandingHeaders | undefined;
  #requestId = '';

  /** Gives the response its standing fields. */
  stand(headers: StandingHeaders, requestId: string): void {
    this.#standing = headers;
    this.#requestId = requestId;
    if (!isWritten) this.#settle();
  }

  override setHeader(name: string, value: number | string | readonly string[]): this {
    this.#settleFor(name);
    return super.setHeader(name, value);
  }

  override appendHeader(name: string, value: string | readonly string[]): this {
    this.#settleFor(name);
    return super.appendHeader(name, value);
  }

  override getHeader(name: string): number | string | string[] | undefined {
    this.#settleFor(name);
    return super.getHeader(name);
  }

  override hasHeader(name: string): boolean {
    this.#settleFor(name);
    return super.hasHeader(name);
  }

  override removeHeader(name: string): void {
    this.#settleFor(name);
    super.removeHeader(name);
  }

  override getHeaders(): OutgoingHttpHeaders {
    this.#settle();
    return super.getHeaders();
  }

  override getHeaderNames(): string[] {
    this.#settle();
    return super.getHeaderNames();
  }

  /** Missing from the types of Node. */
  getRawHeaderNames(): string[] {
    this.#settle();
    return internals.getRawHeaderNames.call(this);
  }

  override writeHead(
    statusCode: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (headers !== undefined || typeof reason === 'object') this.#settle();
    return super.writeHead(statusCode, reason as string, headers);
  }

  /** Node calls it with the status line and the fields that were set, and joins them. */
  _storeHeader(firstLine: string, headers: unknown): void {
    const standing = this.#standing;
    const lines =
      standing === undefined
        ? firstLine
        : `${firstLine}${standing.text}${REQUEST_ID}: ${this.#requestId}\r\n`;
    this.#standing = undefined;
    internals._storeHeader.call(this, lines, headers);
  }

  #settleFor(name: string): void {
    if (this.#standing?.has(name)) this.#settle();
  }

  /** Makes the standing fields fields like any other. */
  #settle(): void {
    const standing = this.#standing;
    if (standing === undefined) return;
    this.#standing = undefined;
    super.setHeader(REQUEST_ID, this.#requestId);
    for (const [name, value] of standing.fields) super.setHeader(name, value);
  }
}

/** Node promises nothing of the method above, so it is tried once; where it does not do this, all fields are set one by one. */
let isWritten = true;
isWritten = tried();

function tried(): boolean {
  const response = new StandingResponse(NO_REQUEST);
  response.stand(new StandingHeaders([['X-Tried', 'yes']]), '1');
  response.writeHead(200);
  const { _header: written } = response as { _header?: unknown };
  return String(written).startsWith(`HTTP/1.1 200 OK\r\nX-Tried: yes\r\n${REQUEST_ID}: 1\r\n`);
}
