/** What the tutorial prints once it listens: its address, a sequence of curl commands to paste, the page to open. */
import type { RunningServer } from '@tokenwright/server';
import type { TutorialConfig } from './config.js';
import { tryItSteps } from './try-it.js';

/** The welcome, with a loud line first while a published key or password is in use. */
export function welcome(config: TutorialConfig, running: RunningServer): string {
  const steps = tryItSteps(running.url, running.certificate?.certificateAuthority, config);
  const commands = steps.flatMap(({ title, command }) => [`# ${title}`, command, '']);
  return [
    ...warnings(config),
    '',
    `Listening on ${running.urls.join(' and ')}`,
    '',
    ...commands,
    `Open ${running.url}/ for the token lab: the same with a mouse, every token read and every refusal explained. Ctrl+C stops.`,
    '',
  ].join('\n');
}

function warnings({ published }: TutorialConfig): string[] {
  if (published.length === 0) return [];
  return [
    '',
    `!!! ${published.join(' and ')}: published in the tutorial, known to everybody. For anything but trying it out set your own.`,
  ];
}
