/** Completion for bash. */
import { allNodes, type CompletionNode, type CompletionValue, KEY_FORMS, valuedOptions } from './tree.js';

/**
 * The script. Bash breaks words at `@`, `=` and `:` (COMP_WORDBREAKS): they are put together again. What it replaces is what
 * follows the last `=` or `:`, or begins with the last `@`, so of every answer only that part is given back. It needs nothing
 * that bash 3.2 lacks.
 */
export function bashScript(tree: CompletionNode): string {
  const nodes = allNodes(tree);
  const words = nodes.map(
    ({ path, commands, options }) =>
      `    '${path.join(' ')}') words='${[...commands.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ')}' ;;`,
  );
  const values = nodes
    .filter((node) => node.values.length > 0)
    .map(({ path, values }) => `    '${path.join(' ')}') ${values.map(call).join('; ')} ;;`);
  const steps = nodes.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  const options = [...valuedOptions(tree)].map(([long, value]) => `    ${long}) ${call(value)} ;;`);
  return `# tokenwright completion for bash
_tokenwright_add() {
  local answer
  while IFS= read -r answer; do COMPREPLY+=("$answer"); done
}
_tokenwright_words() { _tokenwright_add < <(compgen -W "$1" -- "$value"); }
_tokenwright_files() {
  local answer
  [ -z "$1" ] && compopt -o filenames 2>/dev/null
  while IFS= read -r answer; do
    # Behind a prefix readline knows no files: folders and blanks are marked here.
    if [ -n "$1" ] && [ -d "$answer" ]; then compopt -o nospace 2>/dev/null; answer="$answer/"; fi
    if [ -n "$1" ] && [ -z "$quoted" ]; then printf -v answer %q "$answer"; fi
    COMPREPLY+=("$1$answer")
  done < <(compgen -f -- "\${value#"$1"}")
}
_tokenwright_folders() {
  compopt -o filenames 2>/dev/null
  _tokenwright_add < <(compgen -d -- "$value")
}
_tokenwright_forms() {
  compopt -o nospace 2>/dev/null
  _tokenwright_words "$1"
}
_tokenwright_token() {
  case "$value" in
    @*) _tokenwright_files @ ;;
    *) _tokenwright_forms '@ -' ;;
  esac
}
_tokenwright_key() {
  case "$value" in
    *:@*) _tokenwright_files "\${value%%@*}@" ;;
    @*) _tokenwright_files @ ;;
    env:*|*:env:*) _tokenwright_add < <(compgen -P "\${value%%env:*}env:" -e -- "\${value#*env:}") ;;
    *) _tokenwright_forms '${KEY_FORMS.join(' ')}' ;;
  esac
}
_tokenwright_option() {
  case "$1" in
${options.join('\n')}
    *) return 1 ;;
  esac
}
_tokenwright() {
  local rest="$COMP_LINE" line=() last=-1 index word current value previous='' path='' words='' break_at='' quoted=''
  COMPREPLY=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    case "$rest" in
      [[:space:]]*) last=$((last + 1)); line[last]="$word" ;;
      *) [ "$last" -lt 0 ] && last=0; line[last]="\${line[last]}$word" ;;
    esac
    rest="\${rest#"\${rest%%[![:space:]]*}"}"
    rest="\${rest#"$word"}"
  done
  current="\${line[last]}"
  [ "$last" -gt 0 ] && previous="\${line[last - 1]}"
  case "$current" in
    [\\"\\']*) quoted=1; current="\${current:1}" ;;
    *) current="\${current//\\\\/}" ;;
  esac
  value="$current"
  case "$current" in
    --*=*) value="\${current#*=}"; _tokenwright_option "\${current%%=*}"; COMPREPLY=("\${COMPREPLY[@]/#/\${current%%=*}=}") ;;
    *)
      if ! _tokenwright_option "$previous"; then
        for ((index = 1; index < last; index++)); do
          case "\${path:+$path }\${line[index]}" in
            ${steps.join('|')}) path="\${path:+$path }\${line[index]}" ;;
          esac
        done
        case "$path" in
${words.map((line) => `    ${line}`).join('\n')}
        esac
        case "$current" in
          -?*) _tokenwright_words "$words" ;;
          *)
            case "$path" in
${values.map((line) => `        ${line}`).join('\n')}
            *) _tokenwright_words "$words" ;;
            esac ;;
        esac
      fi ;;
  esac
  [ -n "$quoted" ] && return
  for word in = :; do
    case "$COMP_WORDBREAKS" in *"$word"*) break_at="$break_at$word" ;; esac
  done
  [ -n "$break_at" ] || return
  word="\${current%"\${current##*[$break_at]}"}"
  COMPREPLY=("\${COMPREPLY[@]#"$word"}")
}
complete -F _tokenwright tokenwright`;
}

/** The function that answers for a value, with what it is to answer. */
function call(value: CompletionValue): string {
  switch (value.kind) {
    case 'words':
      return `_tokenwright_words '${value.words.join(' ')}'`;
    case 'file':
      return "_tokenwright_files ''";
    case 'folder':
      return '_tokenwright_folders';
    case 'key':
      return '_tokenwright_key';
    case 'token':
      return '_tokenwright_token';
    case 'text':
      return ':';
  }
}
