import type { AppManifest } from './app-manifest.js';
import { checkApp } from './checks/check-app.js';
import { checkLabels } from './checks/check-labels.js';
import { checkRequired } from './checks/check-required.js';
import { checkServices } from './checks/check-services.js';
import { createIssues } from './checks/issues.js';
import { app as appGrammar } from './grammar/app-grammar.js';
import { createReport } from './grammar/reading.js';
import { errorFromRemarks, formatRemarks } from './manifest-error.js';
import { settleApp } from './settle-app.js';
import { settleRun } from './settle-run.js';
import { parseYaml } from './yaml/parse-yaml.js';
import type { YamlNode } from './yaml/yaml-node.js';

/** What a manifest is read with. */
export interface ManifestOptions {
  /** The app's environment with the build's arguments over it. */
  readonly variables: ReadonlyMap<string, string>;
  /** Name of the file, for messages. */
  readonly fileName: string;
  /** Whether a variable that is missing is only warned of, also when the text needs it. Default no. */
  readonly allowsMissing?: boolean;
}

/** A manifest and what was odd about it. */
export interface ParsedManifest {
  readonly manifest: AppManifest;
  /** Lines for the build's log. */
  readonly warnings: readonly string[];
}

const NOTHING: YamlNode = { kind: 'scalar', text: '', value: null, offset: 0, size: 1, depth: 1 };

/**
 * Reads convox.yml: interpolation, YAML 1.1, the grammar, then what the parts have to do with each other. Keys that only
 * running needs are checked and left alone; unknown ones give a warning.
 *
 * @throws {ManifestError} with the text that is shown to the person
 */
export function parseManifest(text: string, options: ManifestOptions): ParsedManifest {
  const { fileName, variables, allowsMissing = false } = options;
  const { root = NOTHING, usedNames, locate, warnings } = parseYaml(text, options);
  const report = createReport(locate);
  const app = appGrammar.read(root, { what: root.kind === 'map' ? '' : fileName, subject: '', report });
  // What is wrong with limits, variables and labels is told alone, and first.
  const runs = new Map(app.services.map(({ name, value }) => [name, settleRun(value, report)]));
  const missing = checkRequired(app, { variables, usedNames: allowsMissing ? new Set() : usedNames });
  checkLabels(app, report);
  const issues = createIssues();
  checkApp(app, { issues, report });
  checkServices(app, { issues, report });
  const manifest = settleApp({ app, report, issues, runs });
  if (issues.all.length > 0) throw errorFromRemarks(issues.all);
  const remarks = [...warnings, ...report.warnings, ...(missing === undefined ? [] : [missing])];
  return { manifest, warnings: formatRemarks(remarks).map((line) => `warning: ${line}`) };
}
