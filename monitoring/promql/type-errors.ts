import type { Aggregation, Binary, Call, Expr, PromqlError, Span, VectorSelector } from './ast.ts';
import { isComparison, isSetOperator } from './ast.ts';
import { regexProblem } from './regex-problem.ts';
import { signatureOf, type ValueType } from './signatures.ts';

/** Aggregations that take a number or a label before the series. */
const WITH_PARAMETER = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio', 'quantile', 'count_values']);

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'a number',
  vector: 'an instant vector',
  matrix: 'a range such as x[5m]',
  string: 'a text',
};

/**
 * What Prometheus refuses in an expression that parses: operands and arguments of the wrong type, selectors of everything, regular
 * expressions that are none. `asRule`: the whole must give a vector or a number.
 */
export function typeErrors(expr: Expr, { asRule }: { asRule: boolean }): PromqlError[] {
  const errors: PromqlError[] = [];
  const type = check(expr, errors);
  if (asRule && errors.length === 0 && (type === 'matrix' || type === 'string')) {
    errors.push({ from: expr.from, to: expr.to, message: `a rule needs an instant vector, not ${NAMES[type]}` });
  }
  return errors;
}

function check(expr: Expr, errors: PromqlError[]): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      checkSelector(expr, errors);
      return 'vector';
    case 'matrix':
      checkSelector(expr.selector, errors);
      return 'matrix';
    case 'subquery':
      expectType(expr.expr, ['vector'], 'a subquery', errors);
      return 'matrix';
    case 'unary':
      return expectType(expr.expr, ['scalar', 'vector'], `the sign ${expr.op}`, errors);
    case 'aggregation':
      return checkAggregation(expr, errors);
    case 'call':
      return checkCall(expr, errors);
    case 'binary':
      return checkBinary(expr, errors);
  }
}

function expectType(expr: Expr, wanted: readonly ValueType[], by: string, errors: PromqlError[]): ValueType {
  const type = check(expr, errors);
  if (wanted.includes(type)) return type;
  fail(errors, expr, `${by} takes ${wanted.map((name) => NAMES[name]).join(' or ')}, not ${NAMES[type]}`);
  return wanted[0] ?? type;
}

function checkSelector(selector: VectorSelector, errors: PromqlError[]): void {
  for (const { op, value, from, to } of selector.matchers) {
    const problem = op === '=~' || op === '!~' ? regexProblem(value) : null;
    if (problem !== null) fail(errors, { from, to }, `${JSON.stringify(value)} is no regular expression: ${problem}`);
  }
  const chooses = selector.name !== null || selector.matchers.some(({ op, value }) => !acceptsEmpty(op, value));
  if (!chooses) fail(errors, selector, 'a selector without a name needs a matcher that refuses the empty text');
}

function acceptsEmpty(op: string, value: string): boolean {
  if (op === '=' || op === '!=') return (value === '') === (op === '=');
  try {
    return new RegExp(`^(?:${value})$`).test('') === (op === '=~');
  } catch {
    return false;
  }
}

function checkAggregation({ op, opSpan, param, expr }: Aggregation, errors: PromqlError[]): ValueType {
  const wantsParam = WITH_PARAMETER.has(op);
  if (wantsParam !== (param !== null)) fail(errors, opSpan, `${op}() takes ${wantsParam ? 2 : 1} arguments`);
  if (param !== null && wantsParam) expectType(param, [op === 'count_values' ? 'string' : 'scalar'], `${op}()`, errors);
  return expectType(expr, ['vector'], `${op}()`, errors);
}

function checkCall(call: Call, errors: PromqlError[]): ValueType {
  const signature = signatureOf(call.func);
  if (signature === null) {
    fail(errors, call.funcSpan, `there is no function ${call.func}`);
    return 'vector';
  }
  const { args, optional, repeated, returns } = signature;
  const least = args.length - optional;
  if (call.args.length < least || (!repeated && call.args.length > args.length)) {
    const most = repeated ? ' or more' : args.length > least ? ` or ${args.length}` : '';
    fail(errors, call, `${call.func}() takes ${least}${most} arguments, not ${call.args.length}`);
  }
  for (const [index, argument] of call.args.entries()) {
    const wanted = args[Math.min(index, args.length - 1)];
    if (wanted !== undefined) expectType(argument, [wanted], `${call.func}()`, errors);
  }
  return returns;
}

function checkBinary(expr: Binary, errors: PromqlError[]): ValueType {
  const { op, left, right, bool, matching } = expr;
  const wanted: readonly ValueType[] = isSetOperator(op) ? ['vector'] : ['scalar', 'vector'];
  const types = [left, right].map((side) => expectType(side, wanted, op, errors));
  const scalars = types.every((type) => type === 'scalar');
  if (bool !== null && !isComparison(op)) fail(errors, bool, `bool is for comparisons, not for ${op}`);
  if (scalars && isComparison(op) && bool === null) fail(errors, expr.opSpan, 'a comparison of two numbers needs bool');
  if (matching === null) return scalars ? 'scalar' : 'vector';
  if (types.includes('scalar') && matching.labels.length > 0)
    fail(errors, matching, 'on and ignoring are for two vectors');
  if (isSetOperator(op) && matching.group !== null) fail(errors, matching, `${op} takes no group_${matching.group}`);
  const twice = matching.on ? matching.include.find((label) => matching.labels.includes(label)) : undefined;
  if (twice !== undefined)
    fail(errors, matching, `the label ${twice} cannot be in on and in group_${matching.group} at once`);
  return scalars ? 'scalar' : 'vector';
}

function fail(errors: PromqlError[], { from, to }: Span, message: string): void {
  errors.push({ from, to, message });
}
