import { z } from 'zod';

import { text } from '../requests/fields.js';

/** What is not there, and what Go writes for nothing, is an empty text. */
const optionalText = (maxLength: number) =>
  text(maxLength)
    .nullish()
    .transform((value) => value ?? '');

/** `build.json` of a build archive, as far as an import reads it: it may be from any rack and version. */
export const archivedBuildSchema = z.object({
  description: optionalText(4000),
  'git-sha': optionalText(100),
  entrypoint: optionalText(4096),
  manifest: optionalText(256 * 1024),
  /** By service; absent in the archives of other racks. */
  images: z.record(z.string(), z.object({ digest: z.string() })).nullish(),
});

/** `build.json` of a build archive. */
export type ArchivedBuildJson = z.output<typeof archivedBuildSchema>;
