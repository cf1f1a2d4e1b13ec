import { formatTime, type WireForge } from '@convox-builds/api-contract';
import type { ForgeRecord } from '@convox-builds/store';

/** A forge for the wire; its token is not answered back. */
export function presentForge({ host, kind, apiUrl, createdAt }: ForgeRecord): WireForge {
  return { host, kind, 'api-url': apiUrl, created: formatTime(createdAt) };
}
