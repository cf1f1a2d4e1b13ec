import type { WireApp } from '@convox-builds/api-contract';
import type { AppRecord } from '@convox-builds/store';

/** An app for the wire. Promoting deploys nothing here, so an app is always `running`. */
export function presentApp(app: AppRecord): WireApp {
  return {
    generation: app.generation,
    locked: app.locked,
    name: app.name,
    parameters: { ...app.parameters },
    release: app.activeReleaseId,
    router: '',
    status: 'running',
  };
}
