import { decodeObject, textField } from './decode.js';

/** Where the steps of a build's service came from. */
export interface BuildCache {
  readonly service: string;
  readonly local: number;
  readonly registry: number;
  readonly built: number;
  /** Whether its layers were written to the registry, and why or why not. */
  readonly export: string;
  readonly reason: string;
}

/** Reads what a rack says of a build's layers; none from others. */
export function decodeBuildCaches(value: unknown): BuildCache[] {
  if (!Array.isArray(value)) return [];
  return value.map(decodeObject).map((json) => ({
    service: textField(json, 'service'),
    local: Number(json['local']),
    registry: Number(json['registry']),
    built: Number(json['built']),
    export: textField(json, 'export'),
    reason: textField(json, 'reason'),
  }));
}
