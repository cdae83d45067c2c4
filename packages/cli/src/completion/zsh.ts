/** Completion for zsh. */
import { allNodes, type CompletionNode, type CompletionValue, KEY_FORMS, quotable } from './tree.js';

/** The script: works as a file in `fpath`, and with `source <(…)`. */
export function zshScript(tree: CompletionNode): string {
  const functions = allNodes(tree).map(functionOf);
  return `#compdef tokenwright
# tokenwright completion for zsh
_tokenwright_value_token() {
  if compset -P '@'; then _files; else compadd -S '' -- @ -; fi
}
_tokenwright_value_key() {
  if compset -P '(*:|)@'; then _files
  elif compset -P '(*:|)env:'; then compadd -- \${(k)parameters[(R)*export*]}
  else compadd -S '' -- ${KEY_FORMS.join(' ')}; fi
}
${functions.join('\n')}
if [ "$funcstack[1]" = "_tokenwright" ]; then
  _tokenwright "$@"
else
  compdef _tokenwright tokenwright
fi`;
}

function functionOf(node: CompletionNode): string {
  const options = node.options.map(({ long, summary, value }) =>
    value === undefined
      ? `    '*${long}[${quotable(summary)}]'`
      : `    '*${long}=[${quotable(summary)}]:value:${action(value)}'`,
  );
  const name = functionName(node.path);
  if (node.commands.length === 0) {
    const values = node.values.map((value) => `    '*:value:${action(value)}'`).slice(0, 1);
    return `${name}() {\n  _arguments \\\n${[...options, ...values].join(' \\\n')}\n}`;
  }
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

function action(value: CompletionValue): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'key':
      return '_tokenwright_value_key';
    case 'token':
      return '_tokenwright_value_token';
    case 'text':
      return ' ';
  }
}

function functionName(path: readonly string[]): string {
  return ['_tokenwright', ...path].join('_');
}
