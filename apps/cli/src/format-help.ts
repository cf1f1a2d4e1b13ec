import type { CommandGroup } from './command-table.js';
import { formatRows } from './terminal/format-rows.js';

function formatGroups(groups: readonly CommandGroup[]): string {
  const width = Math.max(...groups.flatMap(({ commands }) => commands.map(({ name }) => name.length)));
  return groups
    .map(({ title, commands }) => {
      const rows = commands.map(({ name, summary }) => [`  ${name.padEnd(width)}`, summary] as const);
      return `${title}:\n${formatRows(rows)}`;
    })
    .join('\n');
}

/** The help of the command as a whole. */
export function formatHelp(groups: readonly CommandGroup[]): string {
  return `convox: builds a folder on a rack and releases it

Usage: convox <command> [options]

${formatGroups(groups)}
The rack is the one of --rack, else RACK_URL=http://convox:PASSWORD@host[:port],
else the one of CONVOX_RACK, .convox/rack or \`convox switch\`. Their names are
those that \`convox login\` remembers. CONVOX_TLS_UNVERIFIED=true accepts a
certificate that cannot be verified; NODE_EXTRA_CA_CERTS names an authority of
your own.

Examples:
  convox apps create shop
  convox build ./shop -a shop
  convox releases promote -a shop

More: convox <command> --help
`;
}
