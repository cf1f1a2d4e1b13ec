import { waitUntil } from '@convox-builds/testing';

import { APP, type Bench } from '../bench/bench.js';
import { readStoredLog } from '../bench/read-stored-log.js';
import { type RegistryFault, startFaultyRegistry } from '../faulty-registry.js';
import { at, type Scenario, wantAnyEnd } from './scenario.js';

const MANIFEST = /\/manifests\//;
const UPLOAD = /\/blobs\/uploads\//;
const WRONG_DIGEST = `sha256:${'0'.repeat(64)}`;

/** What a registry does wrong, and how the build ends then. */
interface RegistryCase {
  readonly what: string;
  readonly methods: string;
  readonly path: RegExp;
  readonly fault: RegistryFault;
  /** How often; `patiently`: until the rack itself has tried again. */
  readonly times: number | 'patiently';
  readonly end: string;
}

const put = { methods: 'PUT', path: MANIFEST, end: 'complete' } as const;

/** docs/faults.md has the same ones as a table. */
const CASES: readonly RegistryCase[] = [
  { what: '429 three times', ...put, fault: { status: 429 }, times: 3 },
  { what: '429 for long', ...put, fault: { status: 429 }, times: 'patiently' },
  { what: '500 for long', ...put, fault: { status: 500 }, times: 'patiently' },
  { what: '503 for long', ...put, fault: { status: 503 }, times: 'patiently' },
  { what: '401 once', ...put, fault: { status: 401 }, times: 1 },
  { what: '403 always', ...put, fault: { status: 403 }, times: 1000, end: 'failed credentials' },
  { what: 'reset once', ...put, fault: { isReset: true }, times: 1 },
  { what: 'slow', ...put, fault: { delayMs: 5000 }, times: 1 },
  { what: 'wrong digest', ...put, fault: { digest: WRONG_DIGEST }, times: 1 },
  {
    what: 'reset of an upload',
    methods: 'PATCH PUT',
    path: UPLOAD,
    fault: { isReset: true },
    times: 2,
    end: 'complete',
  },
  {
    what: 'wrong digest of a look',
    methods: 'GET HEAD',
    path: MANIFEST,
    fault: { digest: WRONG_DIGEST },
    times: 1,
    end: 'complete',
  },
];

async function runCase(bench: Bench, { what, methods, path, fault, times, end }: RegistryCase): Promise<void> {
  let left = times === 'patiently' ? Number.POSITIVE_INFINITY : times;
  let met = 0;
  const front = await startFaultyRegistry(bench.cluster.services.urls.registry, (request) => {
    if (!methods.includes(request.method) || !path.test(request.path) || left <= 0) return undefined;
    left--;
    met++;
    return fault;
  });
  const wire = at(bench.cluster.workers, 0).wires.registry;
  wire.leadTo(front.port);
  wire.cut();
  try {
    const { id } = await bench.submit({ lines: 1 });
    if (times === 'patiently') {
      await waitUntil(async () => (await readStoredLog(bench.store, id)).includes('trying again in'), {
        what: 'the rack tries again',
      });
      left = 0;
    }
    await bench.settle();
    const build = await bench.store.builds.find(APP, id);
    bench.say(
      `${what}: ${build?.state} ${build?.failureClass} in attempt ${build?.attempt}, met ${met} times: ${build?.reason}`,
    );
    if (met === 0) throw new Error(`Nobody has met the fault "${what}"`);
    if (`${build?.state} ${build?.failureClass}`.trim() !== end)
      throw new Error(`With "${what}" build ${id} is ${build?.state}`);
  } finally {
    wire.leadTo(bench.cluster.services.ports.registry);
    wire.cut();
    front.close();
  }
}

/** A registry that answers, and wrongly. */
export const REGISTRY_SCENARIOS: readonly Scenario[] = [
  {
    row: '34',
    title: 'the registry answers with errors, wrong digests, late, or breaks off',
    complain: wantAnyEnd,
    run: async (bench) => {
      for (const registryCase of CASES) await runCase(bench, registryCase);
    },
  },
];
