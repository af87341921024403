import type { Call } from '../../../promql/ast.ts';
import type { Evaluator } from './evaluate.ts';
import { CLOCK } from './functions/clock.ts';
import { COUNTERS } from './functions/counters.ts';
import { HISTOGRAMS } from './functions/histogram.ts';
import { LABELS } from './functions/labels.ts';
import { MATH } from './functions/math.ts';
import { OVER_TIME } from './functions/over-time.ts';
import { PRESENCE } from './functions/presence.ts';
import type { Element } from './vector.ts';

/** What a function call gives at a moment: a scalar or a vector. */
export type FunctionModel = (call: Call, tMs: number, evaluator: Evaluator) => number | Element[];

/** Every function that the model knows; one file a family. */
export const FUNCTIONS: Readonly<Record<string, FunctionModel>> = {
  ...MATH,
  ...COUNTERS,
  ...OVER_TIME,
  ...CLOCK,
  ...LABELS,
  ...HISTOGRAMS,
  ...PRESENCE,
};
