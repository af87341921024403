import type { Expr } from '../../../../promql/ast.ts';
import type { FunctionModel } from '../functions.ts';
import { unnamed } from '../vector.ts';

type Numeric = (value: number, parameters: readonly number[]) => number;

/** Half away from zero towards plus infinity, as Prometheus rounds. */
const round: Numeric = (value, [to = 1]) => Math.floor(value / to + 0.5) * to;

/** Functions of the value alone, with scalar parameters behind it. */
export const NUMERIC: Readonly<Record<string, Numeric>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  exp: Math.exp,
  ln: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sgn: Math.sign,
  round,
  clamp: (value, [lo = -Infinity, hi = Infinity]) => Math.max(lo, Math.min(hi, value)),
  clamp_min: (value, [lo = -Infinity]) => Math.max(lo, value),
  clamp_max: (value, [hi = Infinity]) => Math.min(hi, value),
  deg: (value) => (value * 180) / Math.PI,
  rad: (value) => (value * Math.PI) / 180,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
};

function numeric(f: Numeric): FunctionModel {
  return (call, tMs, evaluator) => {
    const [vector, ...parameters] = call.args;
    const numbers = parameters.map((parameter: Expr) => evaluator.scalar(parameter, tMs));
    return evaluator
      .vector(vector, tMs)
      .map(({ labels, value }) => ({ labels: unnamed(labels), value: f(value, numbers) }));
  };
}

export const MATH: Readonly<Record<string, FunctionModel>> = Object.fromEntries(
  Object.entries(NUMERIC).map(([name, f]) => [name, numeric(f)]),
);
