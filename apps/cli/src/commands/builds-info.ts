import { APP_OPTION, type CommandDefinition, printRows } from '../command.js';
import type { BuildCache } from '../http/decode-build-caches.js';
import type { QueuePlace } from '../http/decode-queue-place.js';
import type { Attempt, Build } from '../http/rack-objects.js';
import { formatAgo, formatElapsed, formatSeconds } from '../terminal/format-time.js';

function rowsOf(build: Build): readonly (readonly [string, string])[] {
  return [
    ['Id', build.id],
    ['Status', build.state ?? build.status],
    ...(build.reason === '' ? [] : [['Reason', build.reason] as const]),
    ['Release', build.release],
    ['Description', build.description],
    ...sourceRows(build),
    ['Started', formatAgo(build.started)],
    ['Elapsed', formatElapsed(build.started, build.ended)],
    ...(build.queue === undefined ? [] : [['Queue', describePlace(build.queue)] as const]),
    ...build.bases.map(({ image, digest }) => ['Base', `${image}@${digest}`] as const),
    ...build.caches.map(cacheRow),
    ...(build.attempts.length > 1 ? build.attempts.map(attemptRow) : []),
  ];
}

/** Only of what was built from git. */
function sourceRows({ gitUrl, commit, author }: Build): readonly (readonly [string, string])[] {
  if (gitUrl === '') return [];
  return [['Source', gitUrl], ...(author === '' ? [] : [['Commit', `${commit} by ${author}`] as const])];
}

function describePlace({ position, expected, why }: QueuePlace): string {
  const start = expected === undefined ? '' : `, starts in about ${formatSeconds(expected)}`;
  return `position ${position}${start} (${why})`;
}

/** Where the steps of a service came from, and whether its layers are in the registry for others. */
function cacheRow(cache: BuildCache): readonly [string, string] {
  const steps = `${cache.local} steps local, ${cache.registry} registry, ${cache.built} built`;
  return [`Cache ${cache.service}`, `${steps}; export ${cache.export}: ${cache.reason}`];
}

/** `queued` is what an attempt came to whose build went back to the queue. */
function attemptRow({ attempt, worker, outcome, reason, started, ended }: Attempt): readonly [string, string] {
  const words = [outcome === 'queued' ? 'given up' : outcome, `on ${worker}`, formatElapsed(started, ended)];
  return [`Attempt ${attempt}`, `${words.filter(Boolean).join(', ')}${reason === '' ? '' : `: ${reason}`}`];
}

/** `convox builds info` */
export const buildsInfo: CommandDefinition = {
  words: '<id>',
  summary: 'show a build, and why it failed',
  options: [APP_OPTION],
  examples: ['builds info BABCDEFGHIJ'],
  run: async (call) => {
    const build = await call.rack().getBuild(call.appName(), call.words[0] ?? '');
    printRows(call, { json: build.json, rows: rowsOf(build) });
  },
};
