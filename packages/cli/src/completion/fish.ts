/** Completion for fish. */
import { allNodes, type CompletionNode, type CompletionValue, KEY_FORMS, quotable } from './tree.js';

/** The script: one `complete` a command, an option and an argument. */
export function fishScript(tree: CompletionNode): string {
  const lines = allNodes(tree).flatMap((node) => {
    const condition = conditionFor(node);
    return [
      ...node.commands.map(
        ({ name, summary }) =>
          `complete -c tokenwright -f -n '${condition}' -a ${name} -d '${quotable(summary)}'`,
      ),
      ...node.values.map((value) => `complete -c tokenwright -f -n '${condition}'${answers(value)}`),
      ...node.options.map(
        ({ long, summary, value }) =>
          `complete -c tokenwright -n '${condition}' -l ${long.slice(2)}${value === undefined ? '' : ` -x${answers(value)}`} -d '${quotable(summary)}'`,
      ),
    ];
  });
  return [HEAD, ...lines].join('\n');
}

const HEAD = `# tokenwright completion for fish
function __tokenwright_value
  string replace -r -- '^--[a-z-]+=' '' (string unescape -- (commandline -ct))
end
function __tokenwright_files
  set -l value (__tokenwright_value)
  for path in (__fish_complete_path (string sub -s (math (string length -- $argv[1]) + 1) -- $value))
    echo $argv[1]$path
  end
end
function __tokenwright_token
  switch (__tokenwright_value)
    case '@*'
      __tokenwright_files @
    case '*'
      printf '%s\\n' @ -
  end
end
function __tokenwright_key
  set -l value (__tokenwright_value)
  switch $value
    case '*:@*' '@*'
      __tokenwright_files (string replace -r '@.*' @ -- $value)
    case 'env:*' '*:env:*'
      printf (string replace -r -- 'env:.*' env: $value)'%s\\n' (set -nx)
    case '*'
      printf '%s\\n' ${KEY_FORMS.join(' ')}
  end
end`;

function answers(value: CompletionValue): string {
  switch (value.kind) {
    case 'words':
      return ` -a '${value.words.join(' ')}'`;
    case 'file':
      return " -a '(__fish_complete_path (__tokenwright_value))'";
    case 'folder':
      return " -a '(__fish_complete_directories (__tokenwright_value))'";
    case 'key':
      return " -a '(__tokenwright_key)'";
    case 'token':
      return " -a '(__tokenwright_token)'";
    case 'text':
      return '';
  }
}

/** All words that lead to the command were seen, and none of those below it. */
function conditionFor({ path, commands }: CompletionNode): string {
  const below = commands.map(({ name }) => name).join(' ');
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  return [...seen, ...(below === '' ? [] : [`not __fish_seen_subcommand_from ${below}`])].join('; and ');
}
