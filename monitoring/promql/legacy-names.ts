import { type Expr, walk } from './ast.ts';

const METRIC = /^[a-zA-Z_:][\w:]*$/;
const LABEL = /^[a-zA-Z_]\w*$/;

/** The first metric or label name of an expression that Prometheus 2 cannot read: it has other characters and stands in quotes. Null: none. */
export function quotedName(expr: Expr): string | null {
  for (const node of walk(expr)) {
    const labels =
      node.kind === 'selector'
        ? node.matchers.map(({ label }) => label)
        : node.kind === 'aggregation'
          ? (node.grouping?.labels ?? [])
          : node.kind === 'binary'
            ? [...(node.matching?.labels ?? []), ...(node.matching?.include ?? [])]
            : [];
    const foreign = labels.find((label) => !LABEL.test(label));
    if (foreign !== undefined) return foreign;
    if (node.kind === 'selector' && node.name !== null && !METRIC.test(node.name)) return node.name;
  }
  return null;
}
