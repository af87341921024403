import { type Binary, type Call, type Expr, walk } from '../../promql/ast.ts';
import { isScalar, selectors } from '../analysis/expression.ts';
import { isMatched } from '../analysis/join.ts';
import { type LabelFacts, labelFacts, mayHave } from '../analysis/labels.ts';
import { demandsLabel } from '../analysis/matchers.ts';
import type { PlacedText } from '../rule-file/model.ts';
import { placeIn } from '../rule-file/model.ts';
import { labelReferences, templateActions } from '../rule-file/template.ts';
import type { Check, CheckContext, Detection } from './finding.ts';
import { whole, written } from './rewrite.ts';

/** A label that an aggregation, a join or absent() took away, and that is needed further on. */
export const lostLabel: Check = {
  severity: 'error',
  title: 'a label that was aggregated away, used in a matcher, join, annotation or histogram_quantile()',
  detect: (context) => [
    ...inMatchers(context),
    ...[...walk(context.expr)].flatMap((node) => {
      if (node.kind === 'binary') return inJoin(node, context);
      return node.kind === 'call' && node.func === 'histogram_quantile' ? inQuantile(node, context) : [];
    }),
    ...inTemplates(context),
  ],
};

/** Matchers on a recorded metric whose rule has dropped the label. */
function inMatchers({ expr, all }: CheckContext): Detection[] {
  return selectors(expr).flatMap(({ name, matchers }) => {
    const facts = name === null ? null : all.recordFacts(name);
    if (name === null || facts === null) return [];
    return matchers
      .filter(({ label }) => label !== '__name__' && !mayHave(facts, label))
      .filter((matcher) => demandsLabel([matcher]))
      .map(({ from, to, label }) => ({
        at: { from, to },
        explanation: `The recording rule of ${name} leaves no label ${label}, so this matches nothing.`,
        fix: `keep ${label} in the recording rule, or drop the matcher`,
        related: all.recordsOf(name),
      }));
  });
}

function inJoin(node: Binary, context: CheckContext): Detection[] {
  const { matching } = node;
  if (matching === null || node.op === 'or' || isScalar(node.left) || isScalar(node.right)) return [];
  const sides = [
    labelFacts(node.left, context.all.recordFacts),
    labelFacts(node.right, context.all.recordFacts),
  ] as const;
  const names = matching.on ? matching.labels.filter((label) => isMatched(node, label)) : [];
  const joined = names.flatMap((label) => {
    const lacking = sides.map((facts) => !mayHave(facts, label));
    if (lacking[0] === lacking[1]) return [];
    const side = lacking[0] ? 'left' : 'right';
    return [
      {
        at: whole(matching),
        explanation: `The sides are joined on ${label}, which the ${side} one has lost${reason(sides[lacking[0] ? 0 : 1], context)}: they match only series without it.`,
        fix: `keep ${label} on the ${side} side, or take it out of on (...)`,
      },
    ];
  });
  const one = matching.group === null ? null : sides[matching.group === 'left' ? 1 : 0];
  const included = matching.include
    .filter((label) => one !== null && !mayHave(one, label))
    .map((label) => ({
      at: whole(matching),
      explanation: `group_${matching.group} (${label}) copies a label that this side has lost${one === null ? '' : reason(one, context)}.`,
      fix: `keep ${label} on the side that it is copied from`,
    }));
  return [...joined, ...included];
}

function inQuantile(node: Call, context: CheckContext): Detection[] {
  const argument = node.args[1];
  if (argument === undefined || !selectors(argument).some(({ name }) => name?.endsWith('_bucket'))) return [];
  const facts = labelFacts(argument, context.all.recordFacts);
  if (mayHave(facts, 'le')) return [];
  return [
    {
      at: whole(facts.by !== null && isPart(facts.by, context) ? facts.by : argument),
      explanation:
        'histogram_quantile() tells the buckets apart by le, which is aggregated away here: the result is empty.',
      fix: argument.kind === 'aggregation' ? withLe(written(context, argument)) : 'keep le in the aggregation',
    },
  ];
}

function withLe(text: string): string {
  const by = /\bby\s*\(/.exec(text);
  if (by !== null) return `${text.slice(0, by.index)}by (le, ${text.slice(by.index + by[0].length)}`;
  return text.replace(/^(\w+)\s*\(/, '$1 by (le) (');
}

function inTemplates(context: CheckContext): Detection[] {
  const { rule } = context;
  if (rule.kind === 'record') return [];
  const facts = labelFacts(context.expr, context.all.recordFacts);
  return [...rule.annotations, ...rule.labels].flatMap(([name, text]) => {
    const missing = references(text).filter(({ label }) => !mayHave(facts, label));
    const unique = missing.filter(({ label }, index) => missing.findIndex((other) => other.label === label) === index);
    return unique.map(({ label, from, to }) => ({
      at: { ...placeIn(text, from), length: to - from },
      explanation: `${name} shows $labels.${label}, which the expression has lost${reason(facts, context)}: it stays blank.`,
      fix: rule.labels.has(label)
        ? `write its value: $labels has the labels of the expression, not those of the rule`
        : `keep ${label} in the expression, or take it out of the text`,
    }));
  });
}

/** Labels that a template reads without asking first whether they are there. */
function references(text: PlacedText): { label: string; from: number; to: number }[] {
  const guarded = new Set(
    templateActions(text.text)
      .filter(({ words }) => /^(if|with|else)$/.test(words[0]?.text ?? ''))
      .flatMap(({ from, to }) => labelReferences(text.text.slice(from, to)).map(({ label }) => label)),
  );
  return labelReferences(text.text).filter(({ label }) => !guarded.has(label));
}

function reason({ by, only }: LabelFacts, context: CheckContext): string {
  if (by === null || !isPart(by, context)) return '';
  if (by.kind === 'call') return ` (${by.func}() keeps ${list(only)})`;
  return by.kind === 'aggregation' ? ` (${by.op} keeps ${list(only)})` : '';
}

/** What a recording rule took away stands in its own text, not in this one. */
function isPart(node: Expr, context: CheckContext): boolean {
  return [...walk(context.expr)].includes(node);
}

function list(only: LabelFacts['only']): string {
  if (only === null) return 'the others';
  return only.size === 0 ? 'no label' : [...only].join(', ');
}
