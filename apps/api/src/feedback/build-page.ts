import type { BuildRecord } from '@convox-builds/store';

/** The build's log at the rack; `''` when nobody said where people reach the rack. */
export const buildPage = ({ app, id }: Pick<BuildRecord, 'app' | 'id'>, publicUrl: string) =>
  publicUrl === '' ? '' : `${publicUrl}/apps/${app}/builds/${id}/logs`;

/** How long a build ran, or has run until now; `undefined` when it has not begun. */
export function ranMs({ startedAt, endedAt }: Pick<BuildRecord, 'startedAt' | 'endedAt'>): number | undefined {
  return startedAt === null ? undefined : (endedAt ?? new Date()).getTime() - startedAt.getTime();
}
