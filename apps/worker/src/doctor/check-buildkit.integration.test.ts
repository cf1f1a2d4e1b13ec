import { createBuildkitClient, renderBuildkitdConfig, startBuildkitd } from '@convox-builds/buildkit-client';
import { createTemporaryFolder, findTool, searchPath } from '@convox-builds/testing';
import test, { type ExecutionContext } from 'ava';

import { checkBuildkit } from './check-buildkit.js';

/** Looks at a real daemon whose configuration ends with these lines. */
async function examine(t: ExecutionContext, lines: string) {
  const folder = await createTemporaryFolder();
  const config = renderBuildkitdConfig({ network: { mode: 'host' }, registries: {} });
  const daemon = await startBuildkitd({
    binary: findTool('buildkitd'),
    stateFolder: folder.path,
    searchPath: searchPath(),
    configToml: config.replace('[worker.oci]\n', `[worker.oci]\n${lines}`),
  });
  const client = createBuildkitClient({ address: daemon.address });
  t.teardown(async () => {
    client.close();
    await daemon.stop({ graceMs: 5000 });
    await folder.remove();
  });
  return checkBuildkit({ isUp: () => true, client: async () => client }, '/worker').run();
}

test('checkBuildkit(): a daemon that copies all files for each step is a warning', async (t) => {
  const { status, message } = await examine(t, '  snapshotter = "native"\n');
  t.is(status, 'warning');
  t.regex(message, /^the snapshotter is native, .* put \/worker on a volume/);
});

test('checkBuildkit(): says version and snapshotter of a daemon that is well', async (t) => {
  const { status, message } = await examine(t, '  snapshotter = "overlayfs"\n');
  t.is(status, 'ok');
  t.regex(message, /^v\d+\.\d+\.\d+\S*, overlayfs$/);
});
