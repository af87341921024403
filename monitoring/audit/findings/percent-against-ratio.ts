import { type Expr, walk } from '../../promql/ast.ts';
import { asLimit, type Limit, selectors } from '../analysis/expression.ts';
import { contradiction } from '../analysis/matchers.ts';
import { valuesOf } from '../analysis/values.ts';
import type { Check, CheckContext, Detection } from './finding.ts';
import { rewritten, whole } from './rewrite.ts';
import { rawMetric } from './rule-set.ts';

/** Metrics that can be meant as a share, as percent or as a ratio. */
const SHARE_NAME =
  /accuracy|precision|recall|ratio|percent|pct|usage|utili[sz]ation|availab|success|coverage|confidence|saturation|f1_score|hit_rate|error_rate/i;

/** Ratios that are shares; one of sizes or of demand to supply may well be above 10. */
const RATIO_NAME = /(hit|miss|error|success|fail(ure)?|utili[sz]ation|usage|availability|saturation)_ratio$/;

/** A limit in percent on a share from 0 to 1, or the same metric read as both. */
export const percentAgainstRatio: Check = {
  severity: 'error',
  title: 'a limit in percent on a ratio, or the reverse',
  detect: (context) =>
    [...walk(context.expr)].flatMap((node) => {
      const limit = asLimit(node);
      if (limit === null || limit.node.bool !== null) return [];
      return [...onShare(limit, context), ...readAsBoth(limit, context)].slice(0, 1);
    }),
};

/** Errors divided by all never exceed 1, and a metric that calls itself a ratio is no percentage. */
function onShare(limit: Limit, context: CheckContext): Detection[] {
  const { measured } = limit;
  if (limit.limit > 100 || limit.op === '!=') return [];
  const values =
    measured.kind === 'binary' && measured.op === '/' ? valuesOf(measured, context.all.recordValues) : null;
  const isShare = values !== null && values.min === 0 && values.max === 1 && limit.limit >= 1.5;
  const isNamed = RATIO_NAME.test(rawMetric(measured) ?? '') && limit.limit >= 10;
  if (!isShare && !isNamed) return [];
  const effect = /^[>=]/.test(limit.op) ? 'the limit is never reached' : 'the limit always holds';
  const fixed = `${Number((limit.limit / 100).toPrecision(10))}`;
  const constantSide = limit.measured === limit.node.left ? limit.node.right : limit.node.left;
  return [
    {
      at: whole(limit.node),
      explanation: `This is a share from 0 to 1, and ${limit.limit} reads as percent: ${effect}.`,
      fix: rewritten(context, [{ ...whole(constantSide), text: fixed }]),
    },
  ];
}

/** One rule says below 95, another below 0.9. */
function readAsBoth(limit: Limit, context: CheckContext): Detection[] {
  const metric = rawMetric(limit.measured);
  if (metric === null || !SHARE_NAME.test(metric) || limit.limit <= 0 || !/^[<>]/.test(limit.op)) return [];
  const asRatio = limit.limit <= 1;
  const opposite = context.all
    .rawLimitsOf(metric)
    .find(
      (other) =>
        /^[<>]/.test(other.op) &&
        !areApart(limit.measured, other.measured) &&
        (asRatio ? other.limit > 1.5 && other.limit <= 100 : other.limit > 0 && other.limit <= 1),
    );
  if (opposite === undefined || (!asRatio && (limit.limit <= 1.5 || limit.limit > 100))) return [];
  const [here, there] = asRatio ? ['a ratio', 'percent'] : ['percent', 'a ratio'];
  return [
    {
      at: whole(limit.node),
      explanation: `${metric} is read as ${here} here (${limit.op} ${limit.limit}) and as ${there} in ${opposite.in.rule.name} (${opposite.op} ${opposite.limit}): one of them always or never holds.`,
      fix: 'choose one unit, and let each rule match its own system only where both are right',
      related: [opposite.in],
    },
  ];
}

/** Whether matchers keep two expressions to different series, such as those of two systems that export one name in two units. */
function areApart(a: Expr, b: Expr): boolean {
  const all = [...selectors(a), ...selectors(b)].flatMap(({ matchers }) => matchers);
  return [...Map.groupBy(all, ({ label }) => label).values()].some((each) => contradiction(each) !== null);
}
