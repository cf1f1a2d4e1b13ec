import type { WrittenApp } from '../grammar/app-grammar.js';
import type { Report } from '../grammar/reading.js';
import { errorAt } from '../manifest-error.js';

/** What the rack itself writes on everything. */
const RESERVED = new Set(['system', 'rack', 'app', 'name', 'service', 'release', 'type']);

/** @throws {ManifestError} for a label of the rack's own */
export function checkLabels({ labels, services }: WrittenApp, report: Report): void {
  for (const map of [labels, ...services.map(({ value }) => value.labels)]) {
    const reserved = [...(map?.keys() ?? [])].find((name) => RESERVED.has(name));
    if (map !== undefined && reserved !== undefined)
      throw errorAt(report.placeOf(map, reserved), 'invalid', `reserved label key '${reserved}' is not allowed`);
  }
}
