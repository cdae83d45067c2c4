/** Completion for fish. */
import { allNodes, type CompletionNode, quotable } from './tree.js';

/** The script: one `complete` a command and an option. */
export function fishScript(tree: CompletionNode): string {
  const lines = allNodes(tree).flatMap((node) => {
    const condition = conditionFor(node);
    return [
      ...node.commands.map(
        ({ name, summary }) =>
          `complete -c tokenwright -f -n '${condition}' -a ${name} -d '${quotable(summary)}'`,
      ),
      ...node.options.map(({ long, summary, takesValue, choices }) => {
        const values = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : takesValue ? ' -r' : '';
        return `complete -c tokenwright -n '${condition}' -l ${long.slice(2)}${values} -d '${quotable(summary)}'`;
      }),
    ];
  });
  return ['# tokenwright completion for fish', ...lines].join('\n');
}

/** All words that lead to the command were seen, and none of those below it. */
function conditionFor({ path, commands }: CompletionNode): string {
  const below = commands.map(({ name }) => name).join(' ');
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  return [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ');
}
