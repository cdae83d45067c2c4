/** SIGTERM and SIGINT end the server gracefully; a second one ends the process. */
import type { Logger } from 'pino';

/** Exit codes of a forced end: 128 and the number of the signal, as shells count. */
const FORCED = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Calls `close` at the first signal and leaves the process to end by itself, with exit code 0 unless one is set.
 *
 * @returns removes the handlers
 */
export function closeOnSignals(close: () => Promise<void>, log: Logger): () => void {
  let closing = false;
  const onSignal = (signal: keyof typeof FORCED) => {
    if (closing) process.exit(FORCED[signal]);
    closing = true;
    log.info({ signal }, `${signal}: closing`);
    process.exitCode ??= 0;
    close().catch((error: unknown) => {
      log.error({ err: error }, 'closing failed');
      process.exitCode = 1;
    });
  };
  const signals = Object.keys(FORCED) as (keyof typeof FORCED)[];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
