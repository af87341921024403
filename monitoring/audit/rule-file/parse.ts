import { isMap, type Node } from 'yaml';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import { parseText } from './documents.ts';
import { readGroups } from './group.ts';
import type { RuleFile, RuleGroup } from './model.ts';
import { type Entry, NodeReader } from './reader.ts';
import { checkKeys } from './rule.ts';

/** What a file turned out to be. `tests` are unit tests for promtool, `other` Kubernetes resources without rules. */
export type FileKind = 'rules' | 'tests' | 'other';

export interface ParsedRuleFile {
  kind: FileKind;
  file: RuleFile;
  /** Kubernetes resources, which promtool does not read. */
  resource: boolean;
  problems: Problem[];
}

/**
 * Reads a rule file: `groups:` as Prometheus takes it, or PrometheusRule resources, also several in one file or in a List. Everything
 * that Prometheus refuses is a problem with its place; what can be read is returned in spite of problems elsewhere. Never throws.
 */
export function parseRuleFile(source: SourceFile): ParsedRuleFile {
  const { parsed, problems } = parseText(source);
  const reader = new NodeReader(parsed);
  const groups: RuleGroup[] = [];
  const kinds = new Set<FileKind>();
  let resource = false;
  const documents = problems.length > 0 ? [] : parsed.documents;
  for (const [index, { contents }] of documents.entries()) {
    const root = reader.follow(contents as Node | null);
    if (root === null) continue;
    const entries = reader.map(root, '', 'a rule file');
    if (entries === null) continue;
    resource ||= entries.has('kind') && entries.has('apiVersion');
    kinds.add(readDocument(reader, entries, root, groups, index > 0 && !entries.has('kind')));
  }
  if (reader.exhausted) {
    const fix = 'write the parts out, or use fewer aliases';
    reader.reportAt(
      { file: source.path, line: 1, column: 1, length: 1 },
      '',
      'aliases make this file far larger than it is written',
      fix,
    );
  }
  const kind = kinds.has('rules') || kinds.size === 0 ? 'rules' : kinds.has('tests') ? 'tests' : 'other';
  if (kind === 'rules' && groups.length === 0 && problems.length === 0 && reader.problems.length === 0)
    reader.reportAt(
      { file: source.path, line: 1, column: 1, length: 1 },
      '',
      'there is no rule group in this file',
      'give a file with groups:, or a PrometheusRule resource',
    );
  return { kind, file: { path: source.path, groups }, resource, problems: [...problems, ...reader.allProblems()] };
}

function readDocument(
  reader: NodeReader,
  entries: ReadonlyMap<string, Entry>,
  root: Node,
  groups: RuleGroup[],
  ignored: boolean,
): FileKind {
  if (entries.has('kind') && entries.has('apiVersion')) return readResource(reader, entries, groups, '', 0);
  if (entries.has('tests') && !entries.has('groups')) return 'tests';
  if (ignored) {
    const fix = 'put its groups under the first groups:, or in a file of their own';
    reader.report(root, '', 'Prometheus reads only the first document of a file, so these rules never load', fix);
    return 'rules';
  }
  checkKeys(reader, entries, ['groups'], '');
  groups.push(...readGroups(reader, entries, 'groups', false));
  return 'rules';
}

/** A PrometheusRule, a List with such among its items, or another resource. */
function readResource(
  reader: NodeReader,
  entries: ReadonlyMap<string, Entry>,
  groups: RuleGroup[],
  path: string,
  depth: number,
): FileKind {
  const kind = scalar(reader, entries.get('kind'));
  if (kind === 'PrometheusRule') {
    const spec = reader.map(entries.get('spec')?.value, `${path}spec`, 'spec');
    if (spec !== null) groups.push(...readGroups(reader, spec, `${path}spec.groups`, true));
    return 'rules';
  }
  if (!/List$/.test(kind) || depth > 0) return 'other';
  const items = reader.list(entries.get('items')?.value, `${path}items`, 'items') ?? [];
  const kinds = items.map((item, index) => {
    const inner = isMap(reader.follow(item)) ? reader.map(item, `items[${index}]`, 'an item') : null;
    return inner === null ? 'other' : readResource(reader, inner, groups, `items[${index}].`, depth + 1);
  });
  return kinds.includes('rules') ? 'rules' : 'other';
}

function scalar(reader: NodeReader, entry: Entry | undefined): string {
  return entry === undefined ? '' : (reader.text(entry, 'kind')?.text ?? '');
}
