import type { BuildCacheRecord, BuildRecord, PromotionRecord } from '@convox-builds/store';

import { buildPage, ranMs } from './build-page.js';
import type { Sizes } from './compare-sizes.js';
import { describePromotionState } from './describe-promotion-status.js';
import { formatDuration } from './format-duration.js';

/** What the comment of a pull request is made of. */
export interface CommentFacts {
  readonly commit: string;
  readonly rackName: string;
  readonly publicUrl: string;
  /** How long the app's last builds took; `undefined` when there are none. */
  readonly medianMs: number | undefined;
  /** Where the steps of its services came from; empty when that is not known. */
  readonly caches: readonly BuildCacheRecord[];
  /** `undefined` when they are not known. */
  readonly sizes: Sizes | undefined;
  /** The newest of its releases; `undefined` when none was promoted. */
  readonly promotion: PromotionRecord | undefined;
}

const TITLES: Readonly<Record<BuildRecord['state'], string>> = {
  created: '⏳ waits',
  queued: '⏳ waits for a worker',
  running: '⏳ builds',
  complete: '✅ built',
  failed: '❌ failed',
  cancelled: '⚪ cancelled',
};

/** As code, so that nothing in it is a link or a mention, or ends the line of a table. */
const code = (text: string) => `\`${text.replace(/[`|\p{Cc}]/gu, "'")}\``;

/** Less than this is noise. */
const LIKE_USUAL = 0.1;

function compareWithMedian(ms: number, medianMs: number | undefined): string {
  if (medianMs === undefined || medianMs === 0) return formatDuration(ms);
  const change = ms / medianMs - 1;
  const percent = `${Math.round(Math.abs(change) * 100)}% ${change > 0 ? 'slower' : 'faster'} than`;
  const compared = Math.abs(change) < LIKE_USUAL ? 'like' : percent;
  return `${formatDuration(ms)}, ${compared} the median of ${formatDuration(medianMs)}`;
}

/** Steps that were not run, of all. */
function describeCaches(caches: readonly BuildCacheRecord[]): string {
  const sum = (count: (cache: BuildCacheRecord) => number) => caches.reduce((total, cache) => total + count(cache), 0);
  const cached = sum(({ localSteps, registrySteps }) => localSteps + registrySteps);
  const all = cached + sum(({ builtSteps }) => builtSteps);
  return all === 0 ? '' : `${cached} of ${all} steps`;
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

function describeSizes({ bytes, beforeBytes = bytes }: Sizes): string {
  const change = megabytes(Math.abs(bytes - beforeBytes));
  if (change === megabytes(0)) return megabytes(bytes);
  return `${megabytes(bytes)}, ${change} ${bytes > beforeBytes ? 'more' : 'less'} than the build before`;
}

function linkBuild(build: BuildRecord, publicUrl: string): string {
  const url = buildPage(build, publicUrl);
  return url === '' ? code(build.id) : `[${code(build.id)}](${url})`;
}

/** How a build stands, as the one comment of its pull request (Markdown). */
export function describeComment(build: BuildRecord, facts: CommentFacts): string {
  const { commit, rackName, publicUrl, medianMs, caches, sizes, promotion } = facts;
  const { app, state, endedAt, reason, releaseId, images } = build;
  const ms = endedAt === null ? undefined : ranMs(build);
  const services = Object.entries(images).map(([service, { digest }]) => `${code(service)} ${code(digest)}`);
  const rows: readonly [string, string][] = [
    ['Commit', code(commit.slice(0, 12))],
    ['Build', linkBuild(build, publicUrl)],
    ['Took', ms === undefined ? '' : compareWithMedian(ms, medianMs)],
    ['Cached', describeCaches(caches)],
    ['Release', releaseId === '' ? '' : code(releaseId)],
    ['Images', services.join('<br>')],
    ['Size', sizes === undefined ? '' : describeSizes(sizes)],
    ['Promotion', promotion === undefined ? '' : code(describePromotionState(promotion))],
    ['Reason', reason === '' ? '' : code(reason)],
    ['More', code(`convox builds info ${build.id} -a ${app}`)],
  ];
  const shown = rows.filter(([, value]) => value !== '');
  const table = ['| | |', '|---|---|', ...shown.map(([name, value]) => `| ${name} | ${value} |`)];
  return [`**${code(app)} ${TITLES[state]}** on rack ${code(rackName)}`, '', ...table].join('\n');
}
