/** Runs the tutorial: settings in, a welcome or one clear line of what went wrong out. */
import type { RunningServer } from '@tokenwright/server';
import { readConfig, type TutorialConfig } from './config.js';
import { welcome } from './welcome.js';

/**
 * Reads the settings, runs the steps and says where to go from there. What stops them is told in one line, and the
 * process ends with exit code 1.
 */
export async function runTutorial(steps: (config: TutorialConfig) => Promise<RunningServer>): Promise<void> {
  try {
    const config = readConfig(process.env);
    const running = await steps(config);
    console.log(welcome(config, running));
  } catch (error) {
    console.error(`The tutorial did not start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
