import type { Node } from 'yaml';
import { ruleDurationMs } from './duration.ts';
import type { PlacedText, Rule } from './model.ts';
import { placeIn } from './model.ts';
import type { Entry, NodeReader } from './reader.ts';
import { templateProblem } from './template.ts';

const RULE_KEYS = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Reads one rule and reports what Prometheus would refuse in it; null where nothing of it can be judged. */
export function readRule(
  reader: NodeReader,
  node: Node | null,
  path: string,
  groupLabels: ReadonlyMap<string, PlacedText>,
): Rule | null {
  const entries = reader.map(node, path, 'a rule');
  if (entries === null) return null;
  checkKeys(reader, entries, RULE_KEYS, path);
  const kind = ruleKind(reader, entries, node, path);
  if (kind === null) return null;
  const name = filled(reader, entries.get(kind), `${path}.${kind}`);
  const expr = filled(reader, entries.get('expr'), `${path}.expr`);
  if (kind === 'record') checkRecord(reader, entries, name, path);
  const labels = readLabels(reader, entries.get('labels'), `${path}.labels`, kind === 'alert');
  const annotations = readLabels(reader, entries.get('annotations'), `${path}.annotations`, kind === 'alert');
  const forMs = readDuration(reader, entries.get('for'), `${path}.for`) ?? 0;
  const keepFiringForMs = readDuration(reader, entries.get('keep_firing_for'), `${path}.keep_firing_for`) ?? 0;
  if (!entries.has('expr')) reader.report(node, path, 'a rule needs expr', 'add expr: with the PromQL expression');
  if (name === null || expr === null) return null;
  const place = placeIn(name, 0);
  return {
    kind,
    name: name.text,
    place,
    expr,
    forMs,
    keepFiringForMs,
    labels: new Map([...groupLabels, ...labels]),
    annotations,
  };
}

/** Reports every key that is not among those allowed. */
export function checkKeys(
  reader: NodeReader,
  entries: ReadonlyMap<string, Entry>,
  allowed: readonly string[],
  path: string,
): void {
  for (const { key, keyNode } of entries.values()) {
    if (allowed.includes(key)) continue;
    reader.report(
      keyNode,
      path,
      `unknown key ${JSON.stringify(key)}; allowed: ${allowed.join(', ')}`,
      'remove it, or correct its name',
    );
  }
}

/** Milliseconds of a duration; null where there is none or, with a problem, where it is not one. */
export function readDuration(reader: NodeReader, entry: Entry | undefined, path: string): number | null {
  if (entry === undefined || reader.follow(entry.value) === null) return null;
  const text = reader.text(entry, path);
  if (text === null) return null;
  const ms = ruleDurationMs(text.text);
  if (ms === null)
    reader.report(
      entry.value,
      path,
      `must be a duration, not ${JSON.stringify(text.text)}`,
      'write a duration such as 30s, 5m or 1h30m',
    );
  return ms;
}

/** Labels or annotations by name. */
export function readLabels(
  reader: NodeReader,
  entry: Entry | undefined,
  path: string,
  templates: boolean,
): Map<string, PlacedText> {
  const texts = new Map<string, PlacedText>();
  const isLabels = path.endsWith('labels');
  for (const item of reader.map(entry?.value, path, isLabels ? 'labels' : 'annotations')?.values() ?? []) {
    const at = `${path}.${item.key}`;
    if (!LABEL_NAME.test(item.key) || (isLabels && item.key === '__name__'))
      reader.report(
        item.keyNode,
        path,
        `${JSON.stringify(item.key)} is not allowed as a name here`,
        'use letters, digits and _, not starting with a digit, and not __name__',
      );
    const text = reader.text(item, at);
    if (text === null) continue;
    texts.set(item.key, text);
    const problem = templates ? templateProblem(text.text) : null;
    if (problem !== null)
      reader.reportAt(
        { ...placeIn(text, problem.from), length: problem.to - problem.from },
        at,
        problem.rule,
        problem.fix,
      );
  }
  return texts;
}

function ruleKind(
  reader: NodeReader,
  entries: ReadonlyMap<string, Entry>,
  node: Node | null,
  path: string,
): Rule['kind'] | null {
  const [alert, record] = [entries.get('alert'), entries.get('record')].map(
    (entry) => entry !== undefined && reader.follow(entry.value) !== null,
  );
  if (alert !== record) return alert ? 'alert' : 'record';
  if (alert)
    reader.report(entries.get('record')?.keyNode, path, 'a rule has alert or record, not both', 'make two rules of it');
  else
    reader.report(
      node,
      path,
      'a rule needs alert or record',
      'add alert: with its name, or record: with the metric to write',
    );
  return null;
}

function checkRecord(
  reader: NodeReader,
  entries: ReadonlyMap<string, Entry>,
  name: PlacedText | null,
  path: string,
): void {
  for (const key of ['for', 'keep_firing_for', 'annotations']) {
    const entry = entries.get(key);
    if (entry !== undefined && reader.follow(entry.value) !== null)
      reader.report(entry.keyNode, path, `a recording rule has no ${key}`, 'remove it');
  }
  if (name !== null && !METRIC_NAME.test(name.text))
    reader.reportAt(
      { ...placeIn(name, 0), length: name.text.length },
      `${path}.record`,
      `${JSON.stringify(name.text)} is not a metric name`,
      'use letters, digits, _ and :, not starting with a digit',
    );
}

/** A text that must not be empty. */
function filled(reader: NodeReader, entry: Entry | undefined, path: string): PlacedText | null {
  if (entry === undefined) return null;
  const text = reader.text(entry, path);
  if (text === null || text.text !== '') return text;
  reader.report(entry.keyNode, path, `${entry.key} is empty`, `give ${entry.key} a value`);
  return null;
}
