import { parseAllDocuments, stringify } from 'yaml';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';

/**
 * Rule files as Prometheus takes them, by a name of their own: plain ones to the byte, the groups of PrometheusRule resources. Those with problems
 * are left out: Prometheus would refuse all of them.
 */
export function loadableFiles(files: readonly SourceFile[], problems: readonly Problem[]): Record<string, string> {
  const wrong = new Set(problems.map(({ file }) => file));
  return Object.fromEntries(
    files.flatMap(({ path, text }, index): [string, string][] => {
      const plain = wrong.has(path) ? null : plainRules(text);
      return plain === null ? [] : [[`rules-${index + 1}.yml`, plain]];
    }),
  );
}

/** Null for a file without rules. */
function plainRules(text: string): string | null {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as RuleDocument | null);
  const [first] = documents;
  if (documents.length === 1 && Array.isArray(first?.groups)) return text;
  const groups = documents.flatMap((document) => document?.spec?.groups ?? document?.groups ?? []);
  return groups.length === 0 ? null : stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

interface RuleDocument {
  readonly groups?: readonly object[];
  readonly spec?: { readonly groups?: readonly object[] };
}
