import type { Attestations } from '@convox-builds/buildkit-client';
import { PROVENANCE_MODES } from '@convox-builds/domain';
import type { AppRecord } from '@convox-builds/store';

import type { Settings } from '../settings.js';

/** What is attached to an app's images: as its parameters `Provenance` and `Sbom` say, else as the rack does. */
export function attestationsOf(
  { parameters }: Pick<AppRecord, 'parameters'>,
  { attestations }: Pick<Settings, 'attestations'>,
): Attestations {
  const { provenance, sbomGenerator } = attestations;
  const mode = PROVENANCE_MODES.find((known) => known === parameters['Provenance']) ?? provenance;
  return {
    ...(mode === 'off' ? {} : { provenance: mode }),
    ...(parameters['Sbom'] === 'true' ? { sbomGenerator } : {}),
  };
}
