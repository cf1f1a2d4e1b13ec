import { setTimeout as sleep } from 'node:timers/promises';

import type { PlannedBuild } from './plan-day.js';
import type { Rack } from './start-rack.js';

const ANSWER_WITHIN_MS = 60_000;
const TRIES = 5;
const RETRY_AFTER_MS = 1000;

/** What clients saw. */
export interface ClientFigures {
  readonly accepted: number;
  readonly refused: number;
  /** From a request for a build to its answer, in milliseconds, in no order. */
  readonly requestMs: readonly number[];
  /** How far behind its time a request was at most: the simulation itself may be too slow. */
  readonly maxLateMs: number;
}

/** How they are run. */
export interface RunOptions {
  readonly apps: number;
  /** How many seconds of the day pass in one of ours. */
  readonly speed: number;
}

/** Sends a form, or without one asks for what there is to read, to its end. */
type Ask = (path: string, form?: Record<string, string>) => Promise<string>;

/** Asks one replica after the other, as a load balancer does; what fails is tried again. */
function createAsk({ apiUrls, password }: Rack): Ask {
  const authorization = `Basic ${Buffer.from(`convox:${password}`).toString('base64')}`;
  let turn = 0;
  return async (path, form) => {
    for (let attempt = 1; ; attempt++) {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form), signal };
      try {
        const url = `${apiUrls[turn++ % apiUrls.length]}${path}`;
        const response = await fetch(url, { ...sent, headers: { authorization } });
        const text = await response.text();
        if (response.ok) return text;
        throw new Error(`${response.status}: ${text.trim()}`);
      } catch (error) {
        if (attempt === TRIES) throw error;
        await sleep(RETRY_AFTER_MS);
      }
    }
  };
}

const appName = (app: number) => `app-${app}`;

/** Makes the apps, each with a source to build. */
async function createApps(ask: Ask, apps: number): Promise<string[]> {
  const urls: string[] = [];
  for (let app = 0; app < apps; app++) {
    await ask('/apps', { name: appName(app) });
    const { Url } = JSON.parse(await ask(`/apps/${appName(app)}/objects/`, { source: 'simulated' })) as { Url: string };
    urls.push(Url);
  }
  return urls;
}

/** Asks for every build when it is due, follows logs and cancels, without waiting for any of them. */
export async function runBuilds(
  planned: readonly PlannedBuild[],
  { apps, speed }: RunOptions,
  rack: Rack,
): Promise<ClientFigures> {
  const ask = createAsk(rack);
  const sources = await createApps(ask, apps);
  const requestMs: number[] = [];
  let accepted = 0;
  let refused = 0;
  let maxLateMs = 0;

  async function submit({ app, lane, solveSeconds, end, isCancelled, isFollowed }: PlannedBuild): Promise<void> {
    const path = `/apps/${appName(app)}/builds`;
    const args = [`SOLVE_MS=${(solveSeconds * 1000) / speed}`, `END=${end}`];
    const askedAt = performance.now();
    const { id } = JSON.parse(
      await ask(path, { url: sources[app] ?? '', lane, 'build-args-json': JSON.stringify(args) }),
    ) as { id: string };
    requestMs.push(performance.now() - askedAt);
    accepted++;
    // Its answer is read to the end by whoever asks.
    if (isFollowed) void ask(`${path}/${id}/logs?follow=true`).catch(() => {});
    if (!isCancelled) return;
    await sleep((solveSeconds * 500) / speed);
    // It may have ended.
    await ask(`${path}/${id}/cancel`, {}).catch(() => {});
  }

  const startedAt = performance.now();
  const inFlight: Promise<void>[] = [];
  for (const build of planned) {
    const dueAt = startedAt + (build.atSeconds * 1000) / speed;
    const waitMs = dueAt - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    maxLateMs = Math.max(maxLateMs, -waitMs);
    inFlight.push(
      submit(build).catch(() => {
        refused++;
      }),
    );
  }
  await Promise.all(inFlight);
  return { accepted, refused, requestMs, maxLateMs };
}
