import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

/** Not at once: the other builds of the same client go on meanwhile. */
const pack = promisify(execFile);

/** A client of a rack's HTTP API, as a CI system would write one. */
export function createRackApi({ url }) {
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const ask = async (path, options = {}) => {
    const response = await fetch(`${origin}${path}`, { headers: { authorization }, ...options });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    createApp: (name) => ask('/apps', { method: 'POST', body: new URLSearchParams({ name, generation: '3' }) }),
    /** Uploads a folder, builds it, writes its log somewhere while it grows, and resolves when it is complete. */
    build: async (app, { context, buildArgs = {}, log }) => {
      const { stdout: body } = await pack('tar', ['-C', context, '-cz', '.'], { encoding: 'buffer' });
      const { Url: source } = await (await ask(`/apps/${app}/objects/`, { method: 'POST', body })).json();
      const list = JSON.stringify(Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`));
      const form = new URLSearchParams({ url: source, 'build-args-json': list });
      const { id } = await (await ask(`/apps/${app}/builds`, { method: 'POST', body: form })).json();
      const text = await ask(`/apps/${app}/builds/${id}/logs?follow=true`);
      await pipeline(Readable.fromWeb(text.body), log);
      const build = await (await ask(`/apps/${app}/builds/${id}`)).json();
      if (build.state !== 'complete') throw new Error(`Build ${id} is ${build.state}: ${build.reason}`);
    },
  };
}
