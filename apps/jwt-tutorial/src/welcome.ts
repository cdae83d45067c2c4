/** What the tutorial prints once it listens: its address, a sequence of curl commands to paste, the page to open. */
import type { RunningServer } from '@tokenwright/server';
import type { TutorialConfig } from './config.js';
import { publishedWarning } from './published.js';
import { tryItSteps } from './try-it.js';

/** The welcome, with a loud line first while a published key or password is in use. */
export function welcome(config: TutorialConfig, running: RunningServer): string {
  const url = reachable(running.url);
  const steps = tryItSteps(url, running.certificate?.certificateAuthority, config);
  const commands = steps.flatMap(({ title, command }) => [`# ${title}`, command, '']);
  return [
    ...warnings(config),
    '',
    `Listening on ${running.urls.join(' and ')}`,
    '',
    ...commands,
    `Open ${url}/ for the token lab: the same with a mouse, every token read and every refusal explained. Ctrl+C stops.`,
    '',
  ].join('\n');
}

function warnings({ published }: TutorialConfig): string[] {
  const warning = publishedWarning(published);
  return warning === undefined ? [] : ['', `!!! ${warning}`];
}

/** 0.0.0.0 and :: mean every address to a listener and none to a client; the certificate is for localhost. */
function reachable(url: string): string {
  return url.replace(/\/\/(?:0(?:\.0){0,3}|\[[0:]+\])(?=:)/, '//localhost');
}
