import { printPromql } from '../../promql/print.ts';
import { asLimit } from '../analysis/expression.ts';
import { labelFacts } from '../analysis/labels.ts';
import { contradiction } from '../analysis/matchers.ts';
import { intersect, isEmpty, passing } from '../analysis/range.ts';
import type { AuditedRule, Check, CheckContext, Detection } from './finding.ts';
import { whole } from './rewrite.ts';

/** Two alerts that Alertmanager cannot tell apart, or results of one that become the same by a label of the rule. */
export const duplicateIdentity: Check = {
  severity: 'error',
  title: 'two alerts with the same name and labels',
  detect: (context) => (context.rule.kind === 'record' ? [] : [...sameAsEarlier(context), ...collapsed(context)]),
};

function sameAsEarlier(context: CheckContext): Detection[] {
  const named = context.all.alertsNamed(context.rule.name).filter(({ file }) => file === context.file);
  const earlier = named.slice(
    0,
    named.findIndex(({ rule }) => rule === context.rule),
  );
  const twin = earlier.find((other) => sameLabels(other, context) && mayCoincide(other, context));
  if (twin === undefined) return [];
  const apart = neverTogether(twin, context);
  const explanation = apart
    ? `The other ${context.rule.name} has the same labels. They never hold at once, but when one takes over from the other the resolved message of the first ends the second.`
    : `The other ${context.rule.name} has the same labels and can fire for the same series: Alertmanager takes both for one alert, whose texts overwrite each other and which resolves when either does.`;
  return [
    {
      at: whole(context.expr),
      explanation,
      fix: 'give one of them another name, or a label of its own',
      related: [twin],
      ...(apart ? { severity: 'advice' as const } : {}),
    },
  ];
}

function sameLabels(a: AuditedRule, b: AuditedRule): boolean {
  const text = ({ rule }: AuditedRule) =>
    JSON.stringify([...rule.labels].map(([name, value]) => [name, value.text]).sort());
  return text(a) === text(b);
}

/** Whether both can give a series with the same labels; open label sets of different metrics are not claimed to. */
function mayCoincide(a: AuditedRule, b: CheckContext): boolean {
  const [printedA, printedB] = [a, b].map(({ expr }) => printPromql(asLimit(expr)?.measured ?? expr));
  if (printedA === printedB) return true;
  const [factsA, factsB] = [labelFacts(a.expr, b.all.recordFacts), labelFacts(b.expr, b.all.recordFacts)];
  if (factsA.only === null || factsB.only === null) return false;
  if (factsA.only.size !== factsB.only.size || ![...factsA.only].every((label) => factsB.only?.has(label)))
    return false;
  return [...factsA.only].every(
    (label) => contradiction([...(factsA.matchers.get(label) ?? []), ...(factsB.matchers.get(label) ?? [])]) === null,
  );
}

function neverTogether(a: AuditedRule, b: AuditedRule): boolean {
  const [one, other] = [asLimit(a.expr), asLimit(b.expr)];
  if (one === null || other === null || printPromql(one.measured) !== printPromql(other.measured)) return false;
  return isEmpty(intersect(passing(one.op, one.limit), passing(other.op, other.limit)));
}

/** A fixed label over the only one that tells the results apart. */
function collapsed(context: CheckContext): Detection[] {
  const { only, matchers } = labelFacts(context.expr, context.all.recordFacts);
  const [single] = only ?? [];
  if (only === null || single === undefined || only.size !== 1) return [];
  const own = context.rule.labels.get(single);
  if (own === undefined || own.text.includes('{{') || matchers.get(single)?.some(({ op }) => op === '=')) return [];
  const explanation = `The results differ in ${single} alone, and the rule sets ${single} to ${JSON.stringify(own.text)}: as soon as two hold at once they become the same alert, and Prometheus refuses the whole rule.`;
  return [
    { at: whole(context.expr), explanation, fix: `take ${single} out of the labels of the rule, or out of by (...)` },
  ];
}
