import type { CommandEntry } from './command-table.js';
import { formatRows } from './terminal/format-table.js';

/** The help of the command as a whole. */
export function formatHelp(commands: readonly CommandEntry[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  const list = formatRows(rows).replace(/^/gm, '  ').trimEnd();
  return `convox: builds a folder on a rack and releases it

Usage: convox <command> [options]

Commands:
${list}

The rack is RACK_URL=http://convox:PASSWORD@host[:port], or a file with such an address in ~/.config/convox/racks/,
selected with --rack, CONVOX_RACK or .convox/rack. CONVOX_TLS_UNVERIFIED=true accepts a certificate that cannot be
verified; NODE_EXTRA_CA_CERTS names an authority of your own.

Examples:
  convox apps create shop
  convox build ./shop -a shop
  convox releases promote -a shop

More: convox <command> --help
`;
}
