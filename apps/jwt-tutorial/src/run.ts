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
    console.error(`The tutorial did not start: ${said(error)}`);
    process.exitCode = 1;
  }
}

/** The server says what is wrong in the words of its own options; here they are variables of the environment. */
const SETTINGS: Readonly<Record<string, string>> = {
  ERR_LISTEN_ADDRESS_IN_USE: 'PORT=5050, for example, is another port, and PORT=0 any free one.',
  ERR_LISTEN_PERMISSION: 'PORT=5050, for example, is another port.',
  ERR_LISTEN_ADDRESS_NOT_AVAILABLE: 'The setting is HOST.',
  ERR_CERTIFICATE_FOLDER: 'The setting is TOKENWRIGHT_CERTIFICATES.',
};

function said(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const setting = SETTINGS[String((error as { code?: unknown }).code)];
  return setting === undefined ? error.message : `${error.message} ${setting}`;
}
