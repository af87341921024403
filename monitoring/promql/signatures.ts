/** What an expression gives: `vector` an instant vector, `matrix` a range of samples for each series. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/** The arguments of a function and what it gives. */
export interface Signature {
  args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  optional: number;
  /** Whether the last argument may be repeated. */
  repeated: boolean;
  returns: ValueType;
}

/** Names by arguments: v a vector, m a matrix, s a scalar, t a text, ? optional, + may be repeated; what they give after the colon. */
const TABLE: Readonly<Record<string, string>> = {
  'v:v':
    'abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count histogram_stddev ' +
    'histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp start_timestamp',
  'm:v':
    'absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate last_over_time ' +
    'mad_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time ' +
    'ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time',
  'v?:v': 'day_of_month day_of_week day_of_year days_in_month hour minute month year',
  'vs:v': 'clamp_max clamp_min',
  'vss:v': 'clamp',
  'ssv:v': 'histogram_fraction',
  'sv:v': 'histogram_quantile',
  'vts+:v': 'histogram_quantiles',
  'sm:v': 'quantile_over_time',
  'ms:v': 'predict_linear',
  'mss:v': 'holt_winters double_exponential_smoothing',
  'vs?:v': 'round',
  'vt+:v': 'sort_by_label sort_by_label_desc',
  'vtttt:v': 'label_replace',
  'vttt+:v': 'label_join',
  'vv?:v': 'info',
  's:v': 'vector',
  'v:s': 'scalar',
  ':s': 'pi time step range start end',
};

const LETTERS: Readonly<Record<string, ValueType>> = { v: 'vector', m: 'matrix', s: 'scalar', t: 'string' };

const SIGNATURES: ReadonlyMap<string, Signature> = new Map(
  Object.entries(TABLE).flatMap(([shape, names]) => {
    const [given = '', returns = 'v'] = shape.split(':');
    const signature: Signature = {
      args: [...given.replace(/[?+]/g, '')].map((letter) => LETTERS[letter] ?? 'vector'),
      optional: given.endsWith('?') || given.endsWith('+') ? 1 : 0,
      repeated: given.endsWith('+'),
      returns: LETTERS[returns] ?? 'vector',
    };
    return names.split(' ').map((name) => [name, signature] as const);
  }),
);

/** The signature of a function of Prometheus 2.42 to 3.x; null for one that there is not. */
export function signatureOf(name: string): Signature | null {
  return SIGNATURES.get(name) ?? null;
}
