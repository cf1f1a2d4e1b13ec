/** What the help of each command says, too, and is said once here. */
const INTRODUCTION = `# The convox command

Written from the definitions of the commands by \`npm run docs\`. \`convox help\` lists the commands, and \`convox <command> --help\` shows
what is here.

- **Rack**: \`--rack\`, else \`RACK_URL\`, else a name: \`CONVOX_RACK\`, the file \`.convox/rack\`, what \`convox switch\` chose. A name or a part
  of it means one of the racks that \`convox login\` has remembered, in \`racks/\` of \`$CONVOX_CONFIG\` (else
  \`$XDG_CONFIG_HOME/convox\`, else \`~/.config/convox\`).
- **App**: \`--app\`, else the file \`.convox/app\`, else the name of the working directory.
- **Who**: \`CONVOX_ACTOR=ann\` names you in what the rack records, such as \`cancelled by ann\`.
- **Exit code**: 0; 1 for any error, with one line on stderr, \`ERROR: <message>\`; 130 after Ctrl-C.
- **Colour**: on a terminal; \`NO_COLOR=1\` and \`FORCE_COLOR=1\` decide otherwise. Descriptions are cut to the width of a terminal,
  and whole elsewhere.
- **TLS**: certificates are verified. \`NODE_EXTRA_CA_CERTS\` names an authority of your own; \`CONVOX_TLS_UNVERIFIED=true\` accepts any.

Every command has:
`;

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** Padded, as the formatter of the project's documents wants it. */
function formatTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const rule = widths.map((width) => '-'.repeat(width));
  const line = (row) => `| ${row.map((one, column) => one.padEnd(widths[column])).join(' | ')} |\n`;
  return [rows[0], rule, ...rows.slice(1)].map(line).join('');
}

function formatOptions(options) {
  const shown = options.filter(({ isHidden }) => isHidden !== true);
  const rows = shown.map(({ flags, description }) => [`\`${flags}\``, cell(description)]);
  return rows.length === 0 ? '' : formatTable([['option', ''], ...rows]);
}

function formatCommand(name, { words, summary, options, examples }) {
  const title = `### convox ${name}${words === undefined ? '' : ` ${words}`}`;
  const lines = examples.map((example) => `convox ${example}`).join('\n');
  const sentence = `${summary[0].toUpperCase()}${cell(summary.slice(1))}.`;
  return [title.replaceAll('<', '&lt;'), sentence, formatOptions(options), `\`\`\`sh\n${lines}\n\`\`\``]
    .filter((part) => part !== '')
    .join('\n\n');
}

async function formatGroup({ title, commands }) {
  const parts = await Promise.all(commands.map(async ({ name, load }) => formatCommand(name, await load())));
  return `## ${title}\n\n${parts.join('\n\n')}`;
}

/** Writes the reference of the command as Markdown. */
export async function formatCliReference({ groups, commonOptions }) {
  const parts = await Promise.all(groups.map(formatGroup));
  return `${[INTRODUCTION, formatOptions(commonOptions), ...parts].join('\n')}\n`.replace(/\n{3,}/g, '\n\n');
}
