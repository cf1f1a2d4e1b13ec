import type { CompletedCommand } from './list-completions.js';

/** How the command itself lists what an argument may be; its tables have a line of headings. */
const LISTS = `_convox_list() {
  case $1 in
    app) convox apps ;;
    rack) convox racks ;;
    build) convox builds "\${@:2}" ;;
    release) convox releases "\${@:2}" ;;
  esac 2>/dev/null </dev/null | while read -r first rest; do
    if [ "$first" != APP ] && [ "$first" != NAME ] && [ "$first" != ID ]; then echo "$first"; fi
  done
}`;

/** The words so far name a command: as many of them as make one. */
const COMPLETE = `_convox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local name='' word next at
  local -a app=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    case "\${COMP_WORDS[at-1]}" in -a|--app) app=(-a "$word") ;; esac
    next="\${name:+$name }$word"
    if [ -n "$(_convox_options "$next")" ]; then name="$next"; fi
  done
  local found=''
  case "$previous" in
    -a|--app) found="$(_convox_list app)" ;;
    -r|--rack) found="$(_convox_list rack)" ;;
    *)
      if [ "\${current:0:1}" = - ]; then found="$(_convox_options "$name")"
      else found="$(_convox_words "$name") $(_convox_list "$(_convox_argument "$name")" "\${app[@]}")"; fi ;;
  esac
  COMPREPLY=($(compgen -W "$found" -- "$current"))
}
complete -o default -F _convox convox
`;

function formatCase(name: string, cases: readonly (readonly [string, string])[]): string {
  const lines = cases.filter(([, answer]) => answer !== '').map(([key, answer]) => `    '${key}') echo '${answer}' ;;`);
  return `${name}() {\n  case "$1" in\n${lines.join('\n')}\n  esac\n}`;
}

/** The words that may follow a command, or `''` for the first word. */
function nextWords(commands: readonly CompletedCommand[], name: string): string {
  const begin = name === '' ? '' : `${name} `;
  const words = commands.filter((one) => one.name.startsWith(begin)).map((one) => one.name.slice(begin.length));
  return [...new Set(words.map((one) => one.split(' ')[0]))].join(' ');
}

/** Writes the completion for bash. */
export function formatBash(commands: readonly CompletedCommand[]): string {
  const names = ['', ...commands.map(({ name }) => name)];
  const options = commands.map(({ name, options: list }) => [name, list.map(({ long }) => long).join(' ')] as const);
  const words = names.map((name) => [name, nextWords(commands, name)] as const);
  const argumentsOf = commands.map(({ name, argument = '' }) => [name, argument] as const);
  return [
    '# Completes convox: eval "$(convox completion bash)"',
    formatCase('_convox_options', options),
    formatCase('_convox_words', words),
    formatCase('_convox_argument', argumentsOf),
    LISTS,
    COMPLETE,
  ].join('\n');
}

/** Writes the completion for zsh, which understands that of bash. */
export function formatZsh(commands: readonly CompletedCommand[]): string {
  const bash = formatBash(commands).replace(/^#.*\n/, '');
  return `#compdef convox\n# Completes convox: eval "$(convox completion zsh)"\nautoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n${bash}`;
}
