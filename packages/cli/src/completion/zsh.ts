/** Completion for zsh. */
import { allNodes, type CompletionNode, quotable } from './tree.js';

/** The script: works as a file in `fpath`, and with `source <(…)`. */
export function zshScript(tree: CompletionNode): string {
  const functions = allNodes(tree).map(functionOf);
  return `#compdef tokenwright
# tokenwright completion for zsh
${functions.join('\n')}
if [ "$funcstack[1]" = "_tokenwright" ]; then
  _tokenwright "$@"
else
  compdef _tokenwright tokenwright
fi`;
}

function functionOf(node: CompletionNode): string {
  const options = node.options.map(({ long, summary, takesValue, choices }) => {
    const values = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
    return `    '*${long}[${quotable(summary)}]${takesValue ? `:value:${values}` : ''}'`;
  });
  const name = functionName(node.path);
  if (node.commands.length === 0)
    return `${name}() {\n  _arguments \\\n${options.join(' \\\n')} \\\n    '*:file:_files'\n}`;
  const commands = node.commands.map((one) => `      '${one.name}:${quotable(one.summary)}'`);
  const calls = node.commands.map((one) => `      ${one.name}) ${functionName(one.path)} ;;`);
  return `${name}() {
  local line state
  _arguments -C \\
${options.join(' \\\n')} \\
    '1: :->command' '*::argument:->arguments'
  case $state in
    command)
      local commands=(
${commands.join('\n')}
      )
      _describe command commands ;;
    arguments) case $line[1] in
${calls.join('\n')}
    esac ;;
  esac
}`;
}

function functionName(path: readonly string[]): string {
  return ['_tokenwright', ...path].join('_');
}
