import { APP_OPTION, type CommandDefinition, LIMIT_OPTION, printTable, WATCH_OPTION } from '../command.js';
import type { Build } from '../http/rack-objects.js';
import { limitOption } from '../options/limit-option.js';
import { repeatList } from '../options/repeat-list.js';
import { formatAgo, formatElapsed } from '../terminal/format-time.js';

const HEADINGS = ['ID', 'STATUS', 'RELEASE', 'STARTED', 'ELAPSED', 'DESCRIPTION'];

function rowOf(build: Build): readonly string[] {
  return [
    build.id,
    build.state ?? build.status,
    build.release,
    formatAgo(build.started),
    formatElapsed(build.started, build.ended),
    build.description,
  ];
}

/** `convox builds` */
export const builds: CommandDefinition = {
  summary: 'list builds, newest first',
  options: [APP_OPTION, LIMIT_OPTION, WATCH_OPTION],
  examples: ['builds', 'builds -a shop --limit 50', 'builds --watch 2'],
  run: async (call) => {
    const query = limitOption(call);
    const [rack, app] = [call.rack(), call.appName()];
    await repeatList(call, async () => {
      const list = await rack.listBuilds(app, query);
      printTable(call, { json: list.map((build) => build.json), headings: HEADINGS, rows: list.map(rowOf) });
    });
  },
};
