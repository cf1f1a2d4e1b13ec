import { type CommandDefinition, printTable } from '../command.js';
import type { AppUsage } from '../http/app-usage.js';
import { formatBytes } from '../terminal/format-time.js';

const HEADINGS = ['APP', 'BUILDS', 'RELEASES', 'IMAGES', 'IMAGE BYTES', 'LOG BYTES'];

function rowOf({ app, builds, releases, images, imageBytes, logBytes }: AppUsage): readonly string[] {
  return [app, String(builds), String(releases), String(images), formatBytes(imageBytes), formatBytes(logBytes)];
}

/** `convox rack usage` */
export const rackUsage: CommandDefinition = {
  summary: 'show what the builds of each app take; layers that several apps have count for each',
  options: [],
  examples: ['rack usage', 'rack usage --json'],
  run: async (call) => {
    const rack = call.rack();
    const list: AppUsage[] = [];
    for (const { name } of await rack.listApps()) list.push(await rack.getUsage(name));
    printTable(call, { json: list.map(({ json }) => json), headings: HEADINGS, rows: list.map(rowOf) });
  },
};
