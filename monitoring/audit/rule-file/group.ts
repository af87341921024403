import type { Node } from 'yaml';
import type { PlacedText, Rule, RuleGroup } from './model.ts';
import { placeIn } from './model.ts';
import type { Entry, NodeReader } from './reader.ts';
import { checkKeys, readDuration, readLabels, readRule } from './rule.ts';

const GROUP_KEYS = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'];
/** Keys that only the resource of the Prometheus Operator has; they speak to Thanos. */
const RESOURCE_KEYS = ['partial_response_strategy'];

/** Reads the groups under `groups`, in a plain file or in the `spec` of a PrometheusRule resource. */
export function readGroups(
  reader: NodeReader,
  owner: ReadonlyMap<string, Entry>,
  path: string,
  isResource: boolean,
): RuleGroup[] {
  const groups: RuleGroup[] = [];
  const names = new Set<string>();
  const list = reader.list(owner.get('groups')?.value, path, 'groups') ?? [];
  for (const [index, node] of list.entries()) {
    if (reader.exhausted) break;
    const group = readGroup(
      reader,
      node,
      `${path}[${index}]`,
      isResource ? [...GROUP_KEYS, ...RESOURCE_KEYS] : GROUP_KEYS,
    );
    if (group === null) continue;
    if (names.has(group.name)) {
      const rule = `the group name ${JSON.stringify(group.name)} is given twice in this file`;
      reader.reportAt(
        { ...group.place, length: group.name.length },
        `${path}[${index}].name`,
        rule,
        'give each group a name of its own',
      );
    }
    names.add(group.name);
    groups.push(group);
  }
  return groups;
}

function readGroup(reader: NodeReader, node: Node | null, path: string, keys: readonly string[]): RuleGroup | null {
  const entries = reader.map(node, path, 'a group');
  if (entries === null) return null;
  checkKeys(reader, entries, keys, path);
  const name = readName(reader, entries.get('name'), node, path);
  const intervalMs = readDuration(reader, entries.get('interval'), `${path}.interval`);
  const labels = readLabels(reader, entries.get('labels'), `${path}.labels`, false);
  return {
    name: name?.text ?? '',
    place: name === null ? reader.placeOf(node) : placeIn(name, 0),
    // Prometheus takes 0 as "that of the server".
    intervalMs: intervalMs === 0 ? null : intervalMs,
    limit: readLimit(reader, entries.get('limit'), `${path}.limit`),
    queryOffsetMs: readDuration(reader, entries.get('query_offset'), `${path}.query_offset`),
    rules: readRules(reader, entries.get('rules'), path, labels),
  };
}

function readRules(
  reader: NodeReader,
  entry: Entry | undefined,
  path: string,
  labels: ReadonlyMap<string, PlacedText>,
): Rule[] {
  const rules: Rule[] = [];
  for (const [index, node] of (reader.list(entry?.value, `${path}.rules`, 'rules') ?? []).entries()) {
    if (reader.exhausted) break;
    const rule = readRule(reader, node, `${path}.rules[${index}]`, labels);
    if (rule !== null) rules.push(rule);
  }
  return rules;
}

function readName(reader: NodeReader, entry: Entry | undefined, node: Node | null, path: string): PlacedText | null {
  const name = entry === undefined ? null : reader.text(entry, `${path}.name`);
  if (name !== null && name.text !== '') return name;
  reader.report(entry?.keyNode ?? node, path, 'a group needs a name', 'add name: with a name of its own');
  return null;
}

function readLimit(reader: NodeReader, entry: Entry | undefined, path: string): number {
  if (entry === undefined || reader.follow(entry.value) === null) return 0;
  const text = reader.text(entry, path)?.text ?? '0';
  if (/^-?\d+$/.test(text)) return Math.max(0, Number(text));
  reader.report(
    entry.value,
    path,
    `limit must be a whole number, not ${JSON.stringify(text)}`,
    'write a whole number; 0 is no limit',
  );
  return 0;
}
