import { type Binary, type Expr, isComparison, isSetOperator, walk } from '../../promql/ast.ts';
import { NOT_NEGATIVE } from '../analysis/range.ts';
import { shareOf } from '../analysis/share.ts';
import { valuesOf } from '../analysis/values.ts';
import { isFixedByJoin } from './join-fixed.ts';
import type { MutableRule, Mutant } from './mutant.ts';
import { unusedValue } from './value-unused.ts';
import { isContinuous, isWholeValued } from './whole-valued.ts';

/**
 * Why a mutant that survived behaves as the original for all data that there can be, so that no test could tell them apart; null where nothing
 * shows that. Only asked for survivors: what was killed is not equivalent.
 */
export function equivalence(rule: MutableRule, mutant: Mutant): string | null {
  for (const check of CHECKS) {
    const reason = check(rule, mutant);
    if (reason !== null) return reason;
  }
  return null;
}

type Check = (rule: MutableRule, mutant: Mutant) => string | null;

/** `count(x) > 5` and `> 5.05`: no whole number lies between. */
const nudgedWholeNumber: Check = ({ ast }, { operator, at, change }) => {
  if (operator !== 'threshold' || at === null || change.expr === undefined) return null;
  const node = comparisonOver(ast, at.from);
  if (node?.right.kind !== 'number' || node.right.from !== at.from || !isWholeValued(node.left)) return null;
  const before = node.right.value;
  const after = Number(change.expr.slice(at.from).match(/^\(?(-?[\d.e+-]+)/)?.[1]);
  const holds = (value: number, limit: number) => COMPARE[node.op as keyof typeof COMPARE](value, limit);
  const lowest = Math.floor(Math.min(before, after)) - 1;
  const highest = Math.ceil(Math.max(before, after)) + 1;
  if (highest - lowest > 1_000) return null;
  for (let value = lowest; value <= highest; value += 1) {
    if (holds(value, before) !== holds(value, after)) return null;
  }
  return 'the left side has whole values only, and none lies between the two limits';
};

/** `count(x) > 0.5` and `>= 0.5`, `rate(x[5m]) > 0.1` and `>= 0.1`. */
const unreachableLimit: Check = ({ ast }, { operator, at, what }) => {
  if (operator !== 'comparison' || at === null) return null;
  const node = [...walk(ast)].find((each) => each.kind === 'binary' && each.opSpan.from === at.from);
  if (node?.kind !== 'binary' || !/^(>=?) becomes (>=?)$|^(<=?) becomes (<=?)$/.test(what)) return null;
  const limit = node.right.kind === 'number' ? node.right.value : null;
  if (limit !== null && !Number.isInteger(limit) && isWholeValued(node.left)) {
    return `the left side has whole values only, and ${limit} is none`;
  }
  // At 0 a continuous value stands for as long as nothing happens.
  if (limit === 0) return null;
  return isContinuous(node.left) || isContinuous(node.right)
    ? 'a value that moves continuously is never exactly the limit'
    : null;
};

/** Scaling all buckets by one factor leaves their quantile where it is. */
const scaledBuckets: Check = ({ ast }, { operator, at, what }) => {
  if (at === null || !['rate', 'aggregation'].includes(operator)) return null;
  if (operator === 'aggregation' && what !== 'sum becomes avg') return null;
  if (operator === 'rate' && !/^(rate|increase) becomes (rate|increase)$/.test(what)) return null;
  const quantile = [...walk(ast)].find(
    (node) => node.kind === 'call' && node.func === 'histogram_quantile' && node.from < at.from && node.to > at.to,
  );
  return quantile === undefined ? null : 'a quantile stays where it is when all buckets are scaled alike';
};

/** A matcher that every series passes, or that says again what another one says. */
const idleMatcher: Check = ({ ast }, { operator, at, what }) => {
  if (operator !== 'matcher' || at === null) return null;
  for (const node of walk(ast)) {
    if (node.kind !== 'selector') continue;
    const matcher = node.matchers.find((each) => each.from === at.from);
    if (matcher === undefined) continue;
    if (matcher.op === '=~' && matcher.value === '.*') return 'the matcher lets every series pass';
    const loosened = what.startsWith('without ') || what.endsWith('=~".+"');
    if (loosened && isFixedByJoin(ast, matcher)) return `the other side of a join fixes ${matcher.label} already`;
    const twin = node.matchers.find(
      (each) => each !== matcher && each.label === matcher.label && each.op === '=' && matcher.op !== '=',
    );
    if (twin !== undefined) return `${matcher.label} is already fixed by another matcher`;
  }
  return null;
};

/** `1024^2` and `(-1024)^2`. */
const evenPower: Check = ({ ast }, { operator, at, what }) => {
  if (operator !== 'threshold' || at === null) return null;
  const power = [...walk(ast)].find((node) => node.kind === 'binary' && node.op === '^' && node.left.from === at.from);
  if (power?.kind !== 'binary' || power.right.kind !== 'number' || power.right.value % 2 !== 0) return null;
  const [before = '', after = ''] = what.split(' becomes ');
  return after === `(-${before})` ? 'an even power has no sign' : null;
};

/** `sum(rate(x[5m])) > 0` and `max(rate(x[5m])) > 0`: any of them is above 0 if one series is. */
const anyAboveZero: Check = ({ ast, showsValue }, { operator, at, what }) => {
  if (operator !== 'aggregation' || at === null || showsValue || !ANY_ABOVE_ZERO.test(what)) return null;
  let node: Expr = ast;
  while (node.kind === 'binary' && isSetOperator(node.op)) {
    const { left, right }: Binary = node;
    node = at.from < left.to ? left : right;
  }
  if (node.kind !== 'binary' || node.op !== '>' || node.bool !== null) return null;
  if (node.right.kind !== 'number' || node.right.value !== 0 || node.left.kind !== 'aggregation') return null;
  if (node.left.opSpan.from !== at.from || valuesOf(node.left.expr, () => null).min < 0) return null;
  return 'none of the series is ever below 0, so that all of these are above it together';
};

/** `errors / (requests > 0) > 0.1`: where there are no requests there are no errors, and no comparison holds for 0 / 0. */
const idleDivisorGuard: Check = ({ ast }, { operator, at, what }) => {
  if (at === null || !/^(> becomes >=|0 becomes \(-1\))$/.test(what)) return null;
  for (const node of walk(ast)) {
    if (node.kind !== 'binary' || !isComparison(node.op) || node.op === '!=' || node.bool !== null) continue;
    const ratio = node.left;
    if (ratio.kind !== 'binary' || ratio.op !== '/' || ratio.right.kind !== 'binary' || ratio.right.op !== '>')
      continue;
    const { left: whole, right: limit, opSpan, bool } = ratio.right;
    const changed = operator === 'comparison' ? opSpan.from : limit.from;
    if (changed !== at.from || bool !== null || limit.kind !== 'number' || limit.value !== 0) continue;
    if (shareOf(ratio.left, whole) !== null && valuesOf(whole, () => null).min >= 0)
      return 'where the divisor is 0 so is what is divided, and no comparison holds for that';
  }
  return null;
};

/**
 * `1 - available / (size > 0) > 0.9`: of a size of 0 nothing is available or any share of it is, 0 / 0 or infinitely much, and what is less than that
 * is over no limit.
 */
const idleRestGuard: Check = ({ ast }, { operator, at, what }) => {
  if (at === null || !/^(> becomes >=|0 becomes \(-1\))$/.test(what)) return null;
  const least = (expr: Expr) => valuesOf(expr, (name) => (/_bytes$/.test(name) ? NOT_NEGATIVE : null)).min;
  for (const node of walk(ast)) {
    if (node.kind !== 'binary' || !/^>=?$/.test(node.op) || node.bool !== null || node.left.kind !== 'binary') continue;
    const { op, left: all, right: share } = node.left;
    if (op !== '-' || all.kind !== 'number' || share.kind !== 'binary' || share.op !== '/') continue;
    const guard = share.right;
    if (guard.kind !== 'binary' || guard.op !== '>' || guard.bool !== null) continue;
    const changed = operator === 'comparison' ? guard.opSpan.from : guard.right.from;
    if (changed !== at.from || guard.right.kind !== 'number' || guard.right.value !== 0) continue;
    if (least(share.left) >= 0 && least(guard.left) >= 0)
      return 'where the divisor is 0 the share is infinite or no number, and no rest of that is over a limit';
  }
  return null;
};

const ANY_ABOVE_ZERO = /^(sum|avg|max) becomes (sum|avg|max)$/;

const CHECKS: readonly Check[] = [
  evenPower,
  anyAboveZero,
  unusedValue,
  idleDivisorGuard,
  idleRestGuard,
  nudgedWholeNumber,
  unreachableLimit,
  scaledBuckets,
  idleMatcher,
];

const COMPARE = {
  '>': (a: number, b: number) => a > b,
  '<': (a: number, b: number) => a < b,
  '>=': (a: number, b: number) => a >= b,
  '<=': (a: number, b: number) => a <= b,
  '==': (a: number, b: number) => a === b,
  '!=': (a: number, b: number) => a !== b,
} as const;

function comparisonOver(ast: Expr, offset: number) {
  const found = [...walk(ast)].filter(
    (node) => node.kind === 'binary' && isComparison(node.op) && node.from <= offset && node.to > offset,
  );
  const innermost = found.at(-1);
  return innermost?.kind === 'binary' ? innermost : undefined;
}
