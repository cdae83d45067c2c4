/** `tokenwright completion`: a script that lets a shell complete commands, options and files. */
import { Argument, type Command } from 'commander';
import { completionTree } from '../completion/tree.js';
import { print } from '../output/terminal.js';

const AFTER_HELP = `
Examples:
  $ echo 'eval "$(tokenwright completion bash)"' >> ~/.bashrc
  $ tokenwright completion zsh > "\${fpath[1]}/_tokenwright"
  $ tokenwright completion fish > ~/.config/fish/completions/tokenwright.fish`;

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Gives the command its argument and action. @param wholeProgram the program with every command defined. */
export function defineCompletion(command: Command, wholeProgram: () => Promise<Command>): void {
  command
    .description('Prints a completion script for a shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices([...SHELLS]))
    .addHelpText('after', AFTER_HELP)
    .action(async (shell: (typeof SHELLS)[number]) => {
      const tree = completionTree(await wholeProgram());
      switch (shell) {
        case 'bash':
          return print((await import('../completion/bash.js')).bashScript(tree));
        case 'zsh':
          return print((await import('../completion/zsh.js')).zshScript(tree));
        case 'fish':
          return print((await import('../completion/fish.js')).fishScript(tree));
      }
    });
}
