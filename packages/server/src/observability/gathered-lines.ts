/**
 * Gathers lines of the log for a few milliseconds and writes them in one piece: a call of the system for each takes
 * longer than making the line.
 */

/** What writes: a destination of pino for bytes, which has written when `write` comes back. */
export interface SynchronousStream {
  write(bytes: Buffer): unknown;
}

/** How long (ms) a line may wait for others. */
const PATIENCE = 10;
/** So many bytes are written without waiting. */
const MOST = 64 * 1024;

/**
 * A stream for pino. What was logged before the process ends, by itself, by `process.exit()` or by an error that nobody
 * caught, is written; before it is killed, all but the last 10 ms.
 */
export class GatheredLines {
  readonly #target: SynchronousStream;
  /** Bytes, not texts: these would live long enough to cost the garbage collector more than the writing does. */
  readonly #bytes = Buffer.allocUnsafeSlow(MOST);
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(target: SynchronousStream) {
    this.#target = target;
  }

  write(line: string): void {
    // A unit of a string has three bytes at most in UTF-8.
    const most = line.length * 3;
    if (most > MOST - this.#length) this.flushSync();
    if (most > MOST) {
      this.#target.write(Buffer.from(line));
      return;
    }
    this.#length += this.#bytes.write(line, this.#length);
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.flushSync(), PATIENCE);
    flushAtExit(this);
  }

  /** Writes now; pino asks for it after a line of the level `fatal`. */
  flushSync(): void {
    const length = this.#length;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#length = 0;
    unwritten.delete(this);
    // A copy: where the target can't write yet, it keeps it.
    if (length > 0) this.#target.write(Buffer.from(this.#bytes.subarray(0, length)));
  }
}

/** The streams that have something to write: there can be any number of streams, and one listener is enough. */
const unwritten = new Set<GatheredLines>();
let isListening = false;

function flushAtExit(stream: GatheredLines): void {
  unwritten.add(stream);
  if (isListening) return;
  isListening = true;
  process.on('exit', () => {
    for (const one of unwritten) one.flushSync();
  });
}
