import { formatTime, type WireForge } from '@convox-builds/api-contract';
import type { ListedForge } from '@convox-builds/store';

/** A forge for the wire; its token is not answered back. */
export function presentForge({ host, kind, apiUrl, problem, createdAt }: ListedForge): WireForge {
  return { host, kind, 'api-url': apiUrl, problem, created: formatTime(createdAt) };
}
