import { networksSchema } from '@convox-builds/domain';
import { z } from 'zod';

/** Environment variables of what looks at repositories; those of git are the workers' own. */
export const pollVariables = {
  GIT_ALLOWED_NETWORKS: networksSchema,
  GIT_CA_FILE: z.string().min(1).optional(),
  GIT_POLL_SECONDS: z.coerce.number().min(1).default(60),
};

/** How repositories are looked at. */
export interface PollSettings {
  readonly openNetworks: readonly string[];
  readonly caFile: string | undefined;
  readonly everyMs: number;
}

/** Reads them from their variables. */
export function pollSettings(variables: {
  GIT_ALLOWED_NETWORKS: readonly string[];
  GIT_CA_FILE?: string | undefined;
  GIT_POLL_SECONDS: number;
}): PollSettings {
  return {
    openNetworks: variables.GIT_ALLOWED_NETWORKS,
    caFile: variables.GIT_CA_FILE,
    everyMs: variables.GIT_POLL_SECONDS * 1000,
  };
}
