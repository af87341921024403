import { z } from 'zod';
import { document } from '../thresholds/document/document.ts';
import type { Catalogue } from '../thresholds/model.ts';
import { deriveAlertmanagerText } from './alertmanager-config.ts';
import { deriveGrafana } from './dashboards/dashboards.ts';
import { GENERATED } from './header.ts';
import { deriveKubernetesProber } from './kubernetes-prober.ts';
import { derivePrometheusConfig } from './prometheus-config.ts';
import { deriveRulesText } from './rules.ts';
import { deriveRunbook } from './runbook.ts';
import { deriveTargetsText } from './targets.ts';

/** Everything in this folder is derived; a file there that nothing derives is an orphan. Relative to the repository. */
export const GENERATED_FOLDER = 'monitoring/generated/';

/** Content of derived files by path relative to the repository. */
export type DerivedFiles = Map<string, string>;

/** Every file that is derived from any catalogue; a further one is one line here. Those of Grafana depend on its systems. */
const DERIVATIONS: Readonly<Record<string, (catalogue: Catalogue) => string>> = {
  [`${GENERATED_FOLDER}prometheus/prometheus.yml`]: (catalogue) => derivePrometheusConfig(catalogue),
  [`${GENERATED_FOLDER}prometheus/alert_rules.yml`]: (catalogue) => deriveRulesText(catalogue),
  [`${GENERATED_FOLDER}prometheus/targets.yml`]: (catalogue) => deriveTargetsText(catalogue),
  [`${GENERATED_FOLDER}alertmanager/alertmanager.yml`]: deriveAlertmanagerText,
  [`${GENERATED_FOLDER}k8s/prober/prober.yaml`]: deriveKubernetesProber,
  'monitoring/runbook.md': deriveRunbook,
  'thresholds/catalogue.schema.json': deriveCatalogueSchema,
};

/**
 * All derived files.
 * @throws DerivationError when an alert or a panel looks at something that the catalogue does not name.
 */
export function deriveFiles(catalogue: Catalogue): DerivedFiles {
  const grafana = [...deriveGrafana(catalogue)];
  return new Map([
    ...Object.entries(DERIVATIONS).map(([path, derive]) => [path, derive(catalogue)] as const),
    ...grafana.map(([path, text]) => [`${GENERATED_FOLDER}grafana/${path}`, text] as const),
  ]);
}

/** How the files on disk differ from what they should be; paths are sorted. */
export interface DerivedCheck {
  stale: string[];
  missing: string[];
  orphans: string[];
}

/** Compares files on disk, by path relative to the repository, with the derived ones. `existing` holds the generated folder whole. */
export function checkDerived(existing: ReadonlyMap<string, string>, wanted: DerivedFiles): DerivedCheck {
  const paths = [...wanted.keys()];
  return {
    stale: paths.filter((path) => existing.has(path) && existing.get(path) !== wanted.get(path)).sort(),
    missing: paths.filter((path) => !existing.has(path)).sort(),
    orphans: [...existing.keys()].filter((path) => path.startsWith(GENERATED_FOLDER) && !wanted.has(path)).sort(),
  };
}

/** The JSON Schema of a catalogue file, for editors: out of the schema that the loader itself uses. */
function deriveCatalogueSchema(): string {
  const schema = z.toJSONSchema(document, { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ $comment: GENERATED, ...schema }, null, 2)}\n`;
}
