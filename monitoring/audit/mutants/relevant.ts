import { type Expr, isSetOperator, walk } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import type { RuleFile } from '../rule-file/model.ts';
import { type PlainGroup, plainGroup } from './plain.ts';
import { uniqueGroupNames } from './user-suites.ts';

/** A rule among others: what it reads, and whether some input can keep it from being evaluated. */
interface KnownRule {
  group: number;
  index: number;
  name: string;
  record: boolean;
  /** Null: it may read anything. */
  reads: ReadonlySet<string> | null;
  /** It joins vectors, which fails where several elements match. */
  joins: boolean;
}

/** The rules of some files, read once for all their alerts. */
export interface KnownRules {
  groups: readonly PlainGroup[];
  rules: readonly KnownRule[];
}

/** Reads the rules of the files that tests load, in that order. */
export function knownRules(files: readonly RuleFile[]): KnownRules {
  const groups = files.flatMap((file) => file.groups);
  const rules = groups.flatMap(({ rules: members }, group) =>
    members.map((rule, index): KnownRule => {
      const parsed = parsePromql(rule.expr.text);
      const expr = parsed.ok ? parsed.expr : null;
      return {
        group,
        index,
        name: rule.name,
        record: rule.kind === 'record',
        reads: expr === null ? null : metricsOf(expr),
        joins: expr === null || joinsVectors(expr),
      };
    }),
  );
  return { groups: uniqueGroupNames(groups.map(plainGroup)), rules };
}

/**
 * The rules that can have a part in a test of an alert, in their groups: those of its name, those that record what it or they read, and those that the
 * input could keep from being evaluated. Every other rule reads metrics that the test does not have.
 * @param input metrics that the tests feed in.
 * @returns `kept`: places of the rules in the new groups by their place in the old ones, as `group:index`.
 */
export function relevantRules(
  { groups, rules }: KnownRules,
  alert: string,
  input: ReadonlySet<string>,
): { groups: PlainGroup[]; kept: ReadonlyMap<string, { group: number; rule: number }> } {
  const fed = new Set(input);
  const fedTo = ({ reads }: KnownRule) => reads === null || [...reads].some((metric) => fed.has(metric));
  for (let before = -1; before !== fed.size; ) {
    before = fed.size;
    for (const rule of rules) if (rule.record && fedTo(rule)) fed.add(rule.name);
  }
  const chosen = rules.filter(
    (rule) => (!rule.record && rule.name === alert) || (fedTo(rule) && (rule.record || rule.joins)),
  );
  const kept = new Map<string, { group: number; rule: number }>();
  const left = groups.flatMap((group, at) => {
    const own = chosen.filter((rule) => rule.group === at);
    return own.length === 0 ? [] : [{ group, own }];
  });
  const reduced = left.map(({ group, own }, at) => {
    own.forEach(({ group: from, index }, rule) => {
      kept.set(`${from}:${index}`, { group: at, rule });
    });
    return { ...group, rules: own.flatMap(({ index }) => group.rules[index] ?? []) };
  });
  return { groups: reduced, kept };
}

function metricsOf(expr: Expr): Set<string> | null {
  const names = new Set<string>();
  for (const node of walk(expr)) {
    if (node.kind !== 'selector') continue;
    if (node.name === null) return null;
    names.add(node.name);
  }
  return names;
}

function joinsVectors(expr: Expr): boolean {
  const isVector = (node: Expr) => [...walk(node)].some(({ kind }) => kind === 'selector');
  return [...walk(expr)].some(
    (node) => node.kind === 'binary' && !isSetOperator(node.op) && isVector(node.left) && isVector(node.right),
  );
}
