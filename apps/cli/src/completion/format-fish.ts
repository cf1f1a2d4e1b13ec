import type { CompletedCommand, CompletedOption } from './list-completions.js';

const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;

const FUNCTIONS = `function __convox_name
    set -l name
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$name $word")
        contains -- $next $__convox_names; and set name $next
    end
    echo $name
end
function __convox_is
    test (__convox_name) = "$argv[1]"
end
function __convox_list
    set -l words (commandline -opc)
    set -l app
    for at in (seq (count $words))
        contains -- $words[$at] -a --app; and set app -a $words[(math $at + 1)]
    end
    contains -- $argv[1] builds releases; or set app
    convox $argv[1] $app 2>/dev/null </dev/null | string match -rv '^(APP|NAME|ID) ' | string match -r '^\\S+'
end
complete -c convox -f`;

const LISTS = { app: 'apps', build: 'builds', rack: 'racks', release: 'releases' } as const;

function formatOption(condition: string, { long, short, description, hasValue }: CompletedOption): string {
  const list = long === '--app' ? 'apps' : long === '--rack' ? 'racks' : undefined;
  const names = `${short === undefined ? '' : `-s ${short.slice(1)} `}-l ${long.slice(2)}`;
  const value = hasValue ? ' -r' : '';
  const values = list === undefined ? '' : ` -a '(__convox_list ${list})'`;
  return `complete -c convox ${condition} ${names}${value}${values} -d ${quote(description)}`;
}

function formatCommand({ name, summary, options, argument }: CompletedCommand): readonly string[] {
  const parts = name.split(' ');
  const last = parts.at(-1) ?? '';
  const before = parts.slice(0, -1).join(' ');
  const condition = `-n ${quote(`__convox_is "${name}"`)}`;
  return [
    `complete -c convox -n ${quote(`__convox_is "${before}"`)} -a ${last} -d ${quote(summary)}`,
    ...options.map((option) => formatOption(condition, option)),
    ...(argument === undefined ? [] : [`complete -c convox ${condition} -a '(__convox_list ${LISTS[argument]})'`]),
    ...(name === 'build' || name === 'deploy'
      ? [`complete -c convox ${condition} -a '(__fish_complete_directories)'`]
      : []),
  ];
}

/** Writes the completion for fish. */
export function formatFish(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => quote(name)).join(' ');
  const lines = commands.flatMap(formatCommand);
  return `# Completes convox: convox completion fish | source\nset -g __convox_names ${names}\n${FUNCTIONS}\n${lines.join('\n')}\n`;
}
