import { APP_OPTION, type CommandCall, type CommandDefinition, printTable } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { presentOptions } from '../options/present-options.js';
import { formatAgo } from '../terminal/format-time.js';

/** As many as a rack deletes for one request. */
const AT_ONCE = 1000;
const HEADINGS = ['ID', 'STATUS', 'RELEASE', 'ENDED', 'DESCRIPTION'];

function rowOf(build: Build): readonly string[] {
  return [build.id, build.state ?? build.status, build.release, formatAgo(build.ended), build.description];
}

/** Deletes until nothing is left to delete. */
async function pruneAll(call: CommandCall, form: Readonly<Record<string, string>>): Promise<readonly Build[]> {
  const [rack, app] = [call.rack(), call.appName()];
  const pruned: Build[] = [];
  for (;;) {
    const builds = await rack.pruneBuilds(app, form);
    pruned.push(...builds);
    if (builds.length < AT_ONCE) return pruned;
  }
}

/** `convox builds prune` */
export const buildsPrune: CommandDefinition = {
  summary: 'delete old builds, with their releases, logs, sources and images',
  options: [
    APP_OPTION,
    { flags: '--keep <count>', description: 'how many of the newest builds are kept' },
    { flags: '--days <days>', description: 'builds that ended within these days are kept' },
    { flags: '--dry-run', description: 'delete nothing, list what would be deleted' },
  ],
  examples: ['builds prune --keep 50 --dry-run', 'builds prune -a shop --days 90', 'builds prune --keep 20 --days 30'],
  run: async (call) => {
    const form = presentOptions(call, ['keep', 'days']);
    if (Object.keys(form).length === 0) throw new Error('say what is kept: --keep <count>, --days <days> or both');
    const isDryRun = call.flag('dry-run');
    call.output.start(isDryRun ? 'Looking for old builds' : 'Deleting old builds');
    const builds = isDryRun
      ? await call.rack().pruneBuilds(call.appName(), { ...form, 'dry-run': 'true' })
      : await pruneAll(call, form);
    call.output.ok(isDryRun ? `${builds.length} would be deleted` : `${builds.length} deleted`);
    printTable(call, { json: builds.map(({ json }) => json), headings: HEADINGS, rows: builds.map(rowOf) });
  },
};
