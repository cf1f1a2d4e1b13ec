import type { CommandCall } from '../command.js';
import type { WireParameters } from '../http/rack-client.js';

/** How an external build ended: with a release, or for a reason. */
type ExternalEnd = { readonly release: string } | { readonly error: string };

/**
 * Reports the end of an external build as an event, in the words of Convox (`pkg/build/build.go`). Our racks know it from
 * the build's record; others tell their webhooks what is reported. It changes nothing about the build, and fails none.
 */
export async function reportEnd(call: CommandCall, id: string, end: ExternalEnd): Promise<void> {
  const facts = { app: call.appName(), id, ...('release' in end ? { release_id: end.release } : {}) };
  const data = new URLSearchParams(facts).toString();
  const outcome: WireParameters =
    'error' in end ? { status: 'error', error: end.error.slice(0, 4096) } : { status: 'success' };
  try {
    await call.rack().reportEvent({ action: 'build:create', data, ...outcome });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    call.output.warn(`warning: webhooks were not told of build ${id}: ${reason}`);
  }
}
