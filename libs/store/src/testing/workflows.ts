import { createWorkflowId } from '@convox-builds/domain';

import type { Store } from '../store.js';
import type { WorkflowRecord } from '../workflow-records.js';
import { createTestApp } from './builds.js';

/** A workflow of a repository and an app of its own. */
export async function createTestWorkflow(store: Store, changes: Partial<WorkflowRecord> = {}): Promise<WorkflowRecord> {
  const app = changes.app ?? (await createTestApp(store));
  const workflow = await store.workflows.create({
    ...{ id: createWorkflowId(), app, name: 'main', kind: 'deployment', url: 'https://git.example.org/a/b.git' },
    repository: { kind: 'generic', host: 'git.example.org', repository: `a/${app}` },
    ...{ branches: ['main'], tags: [], paths: [], apps: [app] },
    options: { manifest: '', buildArgs: {}, submodules: false },
    ...{ promote: 'automatic', concurrency: 'queue', forks: false, reviewApps: false, enabled: true },
    ...changes,
  });
  if (workflow === undefined) throw new Error('the app has a workflow of that name');
  return workflow;
}
