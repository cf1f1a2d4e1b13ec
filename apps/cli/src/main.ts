import type { CommandCall } from './command.js';
import { COMMAND_GROUPS, COMMANDS } from './command-table.js';
import { createCall } from './create-call.js';
import { parseCall } from './create-commander.js';
import { readEnvironment } from './environment.js';
import { formatHelp } from './format-help.js';
import { selectCommand } from './select-command.js';
import { formatError } from './terminal/format-error.js';
import { isPainted } from './terminal/paint.js';

function isHelpCall([first]: readonly string[]): boolean {
  return first === undefined || first === 'help' || first === '--help' || first === '-h';
}

async function run(argv: readonly string[]): Promise<void> {
  const asked = argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : argv;
  if (isHelpCall(asked)) return void process.stdout.write(formatHelp(COMMAND_GROUPS));
  const selected = selectCommand(COMMANDS, asked[0] === '--version' ? ['version'] : asked);
  if (selected === undefined) throw new Error('no command given (see: convox help)');
  const { entry, argv: rest } = selected;
  const definition = await entry.load();
  const parsed = parseCall(entry.name, definition, rest);
  if (parsed === undefined) return;
  const { call, close } = createCall(parsed);
  try {
    await definition.run(call satisfies CommandCall);
  } finally {
    close();
  }
}

/** Who reads the output may leave, as `head` does; that is no error. */
function allowClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}

/** Runs the command line `argv` (without node and script) and sets the exit code: 0, or 1 with one line on stderr. */
export async function main(argv: readonly string[]): Promise<void> {
  allowClosedPipe();
  try {
    await run(argv);
  } catch (error) {
    const isColoured = isPainted(process.stderr, readEnvironment().colour);
    process.stderr.write(formatError(error, { isJson: argv.includes('--json'), isColoured }));
    process.exitCode = 1;
  }
}
