/** A pino logger whose lines a test can read. */
import { type Logger, pino } from 'pino';

export interface CapturedLog {
  readonly logger: Logger;
  readonly lines: Record<string, unknown>[];
  /** Everything that was written, as text. */
  text(): string;
  /** The first line whose message has the text, once it is there. */
  line(message: string): Promise<Record<string, unknown>>;
}

export function capturedLog(level = 'trace'): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const logger = pino(
    { level },
    {
      write(line: string) {
        lines.push(JSON.parse(line));
        for (const look of waiting) look();
      },
    },
  );
  return {
    logger,
    lines,
    text: () => JSON.stringify(lines),
    line: (message) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find(({ msg }) => String(msg).includes(message));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
