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
  const askJson = async (path, options) => (await ask(path, options)).json();
  /** Uploads a folder and gives its address. */
  const upload = async (app, context) => {
    const { stdout: body } = await pack('tar', ['-C', context, '-cz', '.'], { encoding: 'buffer' });
    return (await askJson(`/apps/${app}/objects/`, { method: 'POST', body })).Url;
  };
  /** Asks for a build and gives its record. */
  const createBuild = (app, parameters) =>
    askJson(`/apps/${app}/builds`, { method: 'POST', body: new URLSearchParams(parameters) });
  const getBuild = (app, id) => askJson(`/apps/${app}/builds/${id}`);
  /** Writes the log of a build somewhere while it grows, and resolves with the build when it has ended. */
  const follow = async (app, id, log) => {
    const text = await ask(`/apps/${app}/builds/${id}/logs?follow=true`);
    await pipeline(Readable.fromWeb(text.body), log);
    return getBuild(app, id);
  };
  return {
    upload,
    createBuild,
    getBuild,
    follow,
    createApp: (name) => ask('/apps', { method: 'POST', body: new URLSearchParams({ name, generation: '3' }) }),
    listBuilds: async (app) => (await ask(`/apps/${app}/builds`)).json(),
    /** Uploads a folder, builds it, writes its log somewhere while it grows, and resolves when it is complete. */
    build: async (app, { context, buildArgs = {}, log }) => {
      const list = JSON.stringify(Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`));
      const { id } = await createBuild(app, { url: await upload(app, context), 'build-args-json': list });
      const build = await follow(app, id, log);
      if (build.state !== 'complete') throw new Error(`Build ${id} is ${build.state}: ${build.reason}`);
    },
  };
}
