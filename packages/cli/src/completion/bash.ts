/** Completion for bash. */
import { allNodes, type CompletionNode } from './tree.js';

/** The script: words are chosen by the commands that stand in the line so far; after `@` come files. */
export function bashScript(tree: CompletionNode): string {
  const cases = allNodes(tree).map(
    ({ path, commands, options }) =>
      `    '${path.join(' ')}') words='${[...commands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ')}' ;;`,
  );
  const values = uniqueChoices(tree).map(
    ([long, choices]) =>
      `    ${long}) COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$current")); return ;;`,
  );
  const steps = allNodes(tree)
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `'${path.join(' ')}'`);
  return `# tokenwright completion for bash
_tokenwright() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words=''
  COMPREPLY=()
  case "$current" in
    @*) COMPREPLY=($(compgen -P @ -f -- "\${current#@}")); return ;;
  esac
  case "$previous" in
${values.join('\n')}
    --out|--public-out|--ca|--users|--junit) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${path:+$path }$word" in
      ${steps.join('|')}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _tokenwright tokenwright`;
}

/** Options whose values are known, each once. */
function uniqueChoices(tree: CompletionNode): readonly (readonly [string, readonly string[]])[] {
  const found = new Map<string, readonly string[]>();
  for (const { options } of allNodes(tree)) {
    for (const { long, choices } of options) if (choices.length > 0) found.set(long, choices);
  }
  return [...found];
}
