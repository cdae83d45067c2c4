/** Shells in which a line is typed up to a point where TAB is pressed. */
import { spawnSync } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { file } from './process.ts';
import { hasTerminal, programOnTerminal } from './terminal.ts';

/** Whether a shell is on this machine; its syntax check and completion are tried where it is. */
export const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** Whether lines can be typed into a bash. */
export const hasBash: boolean = hasTerminal && has('bash');

/** Whether lines can be typed into a zsh. */
export const hasZsh: boolean = hasTerminal && has('zsh');

/** What each line has become in an interactive bash after TAB, in a folder, with a completion script. */
export async function completedByBash(
  script: string,
  folder: string,
  lines: readonly string[],
): Promise<string[]> {
  return linesIn(await shownByBash(script, folder, lines));
}

/** All that such a bash shows. TAB pressed twice, once by the line itself, lists what there is to choose from. */
export async function shownByBash(script: string, folder: string, lines: readonly string[]): Promise<string> {
  // The line is told by bash itself, when it has done with the TAB: nothing has to be waited for.
  const start = await file(`source '${script}'
cd '${folder}'
bind 'set bell-style none'
bind 'set enable-bracketed-paste off'
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind -x '"\\C-x\\C-l": printf "<<%s>>\\n" "$READLINE_LINE"'
PS1='READY>'
`);
  const keys = `${lines.map((line) => `${line}\t\u0018\u000c\u0015`).join('')}exit\n`;
  const { shown } = await programOnTerminal(['bash', '--noprofile', '--rcfile', start, '-i'], {
    typed: [['READY>', keys]],
    env: { COLUMNS: '400', LINES: '100', TOKENWRIGHT_TEST_KEY: 'x' },
  });
  return shown;
}

/** The same in an interactive zsh. */
export async function completedByZsh(
  script: string,
  folder: string,
  lines: readonly string[],
): Promise<string[]> {
  const start = await file(`autoload -Uz compinit && compinit -u -D
source '${script}'
cd '${folder}'
setopt no_beep no_auto_menu
unset zle_bracketed_paste
tell() { print -r -- "<<$BUFFER>>" }
zle -N tell
bindkey -e
bindkey '^X^L' tell
PS1='READY>'
`);
  const home = dirname(start);
  await rename(start, join(home, '.zshrc'));
  const keys = `${lines.map((line) => `${line}\t\u0018\u000c\u0015`).join('')}exit\n`;
  const { shown } = await programOnTerminal(['zsh', '-d', '-i'], {
    typed: [['READY>', keys]],
    env: { ZDOTDIR: home, TERM: 'dumb', COLUMNS: '400', LINES: '100', TOKENWRIGHT_TEST_KEY: 'x' },
  });
  return linesIn(shown);
}

function linesIn(shown: string): string[] {
  return [...shown.matchAll(/<<(.*)>>\r?\n/g)].map(([, line = '']) => line);
}

const FISH = 'fish';

/** What fish offers for a line: each word that could stand at its end. */
export function offeredByFish(script: string, folder: string, line: string): string[] {
  const command = `source '${script}'; cd '${folder}'; complete -C '${line}'`;
  const { stdout } = spawnSync(FISH, ['--no-config', '-c', command], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, TOKENWRIGHT_TEST_KEY: 'x' },
  });
  return stdout
    .split('\n')
    .map((one) => one.split('\t')[0] ?? '')
    .filter(Boolean);
}
