import { BuildFailure, parseBuildLabels } from '@convox-builds/domain';
import type { AppRecord } from '@convox-builds/store';

/** The labels that an app's parameter `BuildLabels` puts on its images. */
export function labelsOf({ parameters }: Pick<AppRecord, 'parameters'>): Record<string, string> {
  try {
    return parseBuildLabels(parameters['BuildLabels'] ?? '');
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new BuildFailure('user', `app parameter BuildLabels ${what}`, { cause: error });
  }
}
