import type { Call } from '../../../../promql/ast.ts';
import { compilePattern } from '../../labels/pattern.ts';
import type { FunctionModel } from '../functions.ts';
import { withLabel } from '../vector.ts';
import type { Labels } from '../world.ts';

/** The labels after `label_replace` or `label_join`. */
export function relabelled(call: Call, labels: Labels): Labels {
  const [target = '', ...rest] = call.args.slice(1).map((arg) => (arg.kind === 'string' ? arg.value : ''));
  if (call.func === 'label_join') {
    const [separator = '', ...sources] = rest;
    return withLabel(labels, target, sources.map((source) => labels[source] ?? '').join(separator));
  }
  const [replacement = '', source = '', pattern = ''] = rest;
  const found = compilePattern(pattern)?.exec(labels[source] ?? '');
  return found === null || found === undefined ? labels : withLabel(labels, target, expanded(replacement, found));
}

function expanded(replacement: string, found: RegExpExecArray): string {
  return replacement.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, plain?: string, braced?: string) => {
    const name = plain ?? braced;
    if (name === undefined) return whole === '$$' ? '$' : '';
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? '';
  });
}

const relabel: FunctionModel = (call, tMs, evaluator) =>
  evaluator.vector(call.args[0], tMs).map(({ labels, value }) => ({ labels: relabelled(call, labels), value }));

const ordered =
  (direction: number): FunctionModel =>
  (call, tMs, evaluator) =>
    evaluator.vector(call.args[0], tMs).toSorted((a, b) => direction * (a.value - b.value));

export const LABELS: Readonly<Record<string, FunctionModel>> = {
  label_replace: relabel,
  label_join: relabel,
  sort: ordered(1),
  sort_desc: ordered(-1),
  sort_by_label: ordered(1),
  sort_by_label_desc: ordered(-1),
};
