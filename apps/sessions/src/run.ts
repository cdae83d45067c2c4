/** Runs the app: settings in, an address or one clear line of what went wrong out. */
import type { RunningServer } from '@tokenwright/server';
import { type Config, readConfig } from './config.js';

/** What stops the steps is told in one line, and the process ends with exit code 1. */
export async function run(steps: (config: Config) => Promise<RunningServer>): Promise<void> {
  try {
    const config = readConfig(process.env);
    const running = await steps(config);
    const where = config.redisUrl === undefined ? config.file : 'Redis';
    console.log(`Listening on ${running.urls.join(' and ')}, sessions in ${where}. Ctrl+C stops.`);
    const authority = running.certificate?.certificateAuthority;
    if (authority !== undefined) console.log(`curl trusts it with --cacert ${authority}`);
  } catch (error) {
    console.error(`The app did not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}
