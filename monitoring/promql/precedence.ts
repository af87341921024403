import type { BinaryOperator } from './ast.ts';

/** How tight each operator binds, from loose to tight, as in Prometheus's grammar. `^` associates to the right. */
export const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '>': 3,
  '<': 3,
  '>=': 3,
  '<=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 7,
};

/** A sign binds looser than a power and tighter than a product. */
export const SIGN = 6;
