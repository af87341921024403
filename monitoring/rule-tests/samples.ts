/** A sample as promtool's tests expect it. */
export interface ExpectedSample {
  /** `metric{label="value"}`. */
  labels: string;
  value: number;
}

const GOT = /^\s+got: ?(.*)$/;
const SAMPLE = /((?:[a-zA-Z_:][\w:]*)?\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}) ([-+]?(?:\d[\d.]*E[+-]\d+|Inf|NaN)|NaN)/g;

/** The samples that promtool shows beside an expectation of an expression that did not hold. */
export function seenSamples(lines: readonly string[]): ExpectedSample[] {
  return lines.flatMap((line) => {
    const [, got = ''] = GOT.exec(line) ?? [];
    return [...got.matchAll(SAMPLE)].map(([, labels = '', value = '']) => ({
      labels,
      value: Number(value.replace('Inf', 'Infinity')),
    }));
  });
}
