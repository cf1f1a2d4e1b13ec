import { APP_OPTION, type CommandDefinition, LIMIT_OPTION, printTable, WATCH_OPTION } from '../command.js';
import type { Release } from '../http/rack-objects.js';
import { limitOption } from '../options/limit-option.js';
import { repeatList } from '../options/repeat-list.js';
import { formatAgo } from '../terminal/format-time.js';

const HEADINGS = ['ID', 'STATUS', 'BUILD', 'CREATED', 'DESCRIPTION'];

function rowOf(release: Release, activeId: string): readonly string[] {
  const status = release.id === activeId ? 'active' : '';
  return [release.id, status, release.build, formatAgo(release.created), release.description];
}

/** `convox releases` */
export const releases: CommandDefinition = {
  summary: 'list releases, newest first',
  options: [APP_OPTION, LIMIT_OPTION, WATCH_OPTION],
  examples: ['releases', 'releases -a shop --limit 50'],
  run: async (call) => {
    const query = limitOption(call);
    const [rack, app] = [call.rack(), call.appName()];
    await repeatList(call, async () => {
      const { release: activeId } = await rack.getApp(app);
      const list = await rack.listReleases(app, query);
      const rows = list.map((release) => rowOf(release, activeId));
      printTable(call, { json: list.map((release) => release.json), headings: HEADINGS, rows });
    });
  },
};
