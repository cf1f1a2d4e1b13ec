import type { WireApp } from '@convox-builds/api-contract';
import type { AppRecord } from '@convox-builds/store';

/** An app for the wire: `updating` while a promotion of it runs. */
export function presentApp(app: AppRecord, { isUpdating }: { isUpdating: boolean }): WireApp {
  return {
    generation: app.generation,
    locked: app.locked,
    name: app.name,
    parameters: { ...app.parameters },
    release: app.activeReleaseId,
    router: '',
    status: isUpdating ? 'updating' : 'running',
  };
}
