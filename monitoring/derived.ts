import { parse } from 'yaml';
import { z } from 'zod';
import { document } from '../thresholds/document/document.ts';
import type { Catalogue } from '../thresholds/model.ts';
import { deriveRouteTests } from './alertmanager/route-tests.ts';
import { deriveAlertmanagerText } from './alertmanager-config.ts';
import { deriveGrafana } from './dashboards/dashboards.ts';
import { deriveCompose } from './deploy/compose.ts';
import type { GeneratedTexts } from './deploy/derived-text.ts';
import { KUBERNETES_MANIFESTS, kustomization, OPERATOR_MANIFESTS } from './deploy/kubernetes/kubernetes.ts';
import { deriveArchivePrometheus, deriveLongTermPrometheus, deriveStackPrometheus } from './deploy/prometheus.ts';
import { GENERATED, generatedYaml } from './header.ts';
import { deriveKubernetesProber } from './kubernetes-prober.ts';
import { GROUP_RULES, RULE_TESTS } from './rule-tests/header.ts';
import { checkRuleTests, isTestFile, type RuleTestsCheck } from './rule-tests/stale.ts';
import { deriveRulesText, type RuleGroup } from './rules.ts';
import { deriveRunbook } from './runbook.ts';
import { deriveTargetsText } from './targets.ts';
import { deriveTemplates, TEMPLATE_FILE } from './templates/templates.ts';

/** Everything in this folder is derived; a file there that nothing derives is an orphan. Relative to the repository. */
export const GENERATED_FOLDER = 'monitoring/generated/';

/** Tests of the derived rules: made by promtool, and so neither by {@link deriveFiles} nor compared by {@link checkDerived}. */
export const RULE_TESTS_FOLDER = `${GENERATED_FOLDER}${RULE_TESTS}`;

/** The derived rules, by path relative to the repository. */
const RULES_FILE = `${GENERATED_FOLDER}prometheus/alert_rules.yml`;

/** Content of derived files by path relative to the repository. */
export type DerivedFiles = Map<string, string>;

/** Every file that is derived from any catalogue; a further one is one line here. Those of Grafana depend on its systems. */
const DERIVATIONS: Readonly<Record<string, (catalogue: Catalogue) => string>> = {
  [`${GENERATED_FOLDER}prometheus/prometheus.yml`]: deriveStackPrometheus,
  [`${GENERATED_FOLDER}prometheus/prometheus-long-term.yml`]: deriveLongTermPrometheus,
  [`${GENERATED_FOLDER}prometheus/prometheus-archive.yml`]: deriveArchivePrometheus,
  [RULES_FILE]: (catalogue) => deriveRulesText(catalogue),
  [`${GENERATED_FOLDER}prometheus/targets.yml`]: (catalogue) => deriveTargetsText(catalogue),
  [`${GENERATED_FOLDER}alertmanager/alertmanager.yml`]: deriveAlertmanagerText,
  [`${GENERATED_FOLDER}alertmanager/${TEMPLATE_FILE}`]: deriveTemplates,
  [`${GENERATED_FOLDER}alertmanager/route-tests.yml`]: deriveRouteTests,
  [`${GENERATED_FOLDER}k8s/prober/prober.yaml`]: deriveKubernetesProber,
  'monitoring/runbook.md': deriveRunbook,
  'thresholds/catalogue.schema.json': deriveCatalogueSchema,
};

/** What packs up other derived files, given by path below {@link GENERATED_FOLDER}, for a place to run. */
const PACKAGES: Readonly<Record<string, (catalogue: Catalogue, texts: GeneratedTexts) => string>> = {
  'docker-compose.monitoring.yml': deriveCompose,
  ...below('k8s/monitoring/', KUBERNETES_MANIFESTS),
  ...below('k8s/monitoring/operator/', OPERATOR_MANIFESTS),
  'k8s/kustomization.yaml': kustomization,
};

/**
 * All derived files.
 * @throws DerivationError when an alert or a panel looks at something that the catalogue does not name.
 */
export function deriveFiles(catalogue: Catalogue): DerivedFiles {
  const grafana = [...deriveGrafana(catalogue)];
  const files = new Map([
    ...Object.entries(DERIVATIONS).map(([path, derive]) => [path, derive(catalogue)] as const),
    ...grafana.map(([path, text]) => [`${GENERATED_FOLDER}grafana/${path}`, text] as const),
  ]);
  const texts = new Map([...files].map(([path, text]) => [path.replace(GENERATED_FOLDER, ''), text] as const));
  for (const [path, derive] of Object.entries(PACKAGES))
    files.set(`${GENERATED_FOLDER}${path}`, derive(catalogue, texts));
  for (const group of ruleGroupsOf(files))
    files.set(`${RULE_TESTS_FOLDER}${GROUP_RULES}${group.name}.yml`, generatedYaml({ groups: [group] }));
  return files;
}

function below<T>(folder: string, derivations: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(derivations).map(([name, derive]) => [`${folder}${name}`, derive]));
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
    orphans: [...existing.keys()].filter((path) => isGenerated(path) && !wanted.has(path)).sort(),
  };
}

function isGenerated(path: string): boolean {
  return path.startsWith(GENERATED_FOLDER) && !isTestFile(path, RULE_TESTS_FOLDER);
}

/** The rule groups among derived files. */
export function ruleGroupsOf(wanted: DerivedFiles): RuleGroup[] {
  const { groups = [] } = parse(wanted.get(RULES_FILE) ?? '{}') as { groups?: RuleGroup[] };
  return groups;
}

/** Compares the rule tests on disk with the derived rules. Whoever keeps no rule tests misses none. */
export function checkDerivedTests(existing: ReadonlyMap<string, string>, wanted: DerivedFiles): RuleTestsCheck {
  const kept = [...existing.keys()].some((path) => isTestFile(path, RULE_TESTS_FOLDER));
  if (!kept) return { stale: [], missing: [], orphans: [] };
  return checkRuleTests(existing, ruleGroupsOf(wanted), RULE_TESTS_FOLDER);
}

/** The JSON Schema of a catalogue file, for editors: out of the schema that the loader itself uses. */
function deriveCatalogueSchema(): string {
  const schema = z.toJSONSchema(document, { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ $comment: GENERATED, ...schema }, null, 2)}\n`;
}
