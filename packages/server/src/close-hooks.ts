/** What is closed after the listeners: stores, pools, whatever the handlers used. */
import type { Logger } from 'pino';

/** Closes one thing; may take its time, within `shutdownTimeout`. */
export type CloseHook = () => unknown;

/**
 * Calls the hooks one after the other, the last added first, for it may use what was there before it.
 *
 * @param timeout - how long all of them may take together, in milliseconds
 * @throws AggregateError when any of them failed or was not done in time; all are called nevertheless
 */
export async function runCloseHooks(
  hooks: readonly CloseHook[],
  timeout: number,
  log: Logger,
): Promise<void> {
  const errors: unknown[] = [];
  const end = performance.now() + timeout;
  for (const hook of hooks.toReversed()) {
    try {
      await within(hook, Math.max(0, end - performance.now()));
    } catch (error) {
      log.error({ err: error }, 'a hook of onClose() failed');
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} hooks of onClose() failed.`);
}

async function within(hook: CloseHook, time: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The hook was not done within shutdownTimeout.')), time);
  });
  try {
    await Promise.race([Promise.resolve().then(hook), late]);
  } finally {
    clearTimeout(timer);
  }
}
