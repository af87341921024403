const UNITS: readonly [string, number][] = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

const PATTERN = new RegExp(`^${UNITS.map(([unit]) => `(?:(\\d+)${unit})?`).join('')}$`);

/**
 * Milliseconds of a duration in a rule file: `5m`, `1h30m`, `0`, units from large to small, whole numbers. Null for anything else:
 * unlike in PromQL, a plain number is none.
 */
export function ruleDurationMs(text: string): number | null {
  if (text === '0') return 0;
  const match = text === '' ? null : PATTERN.exec(text);
  if (match === null) return null;
  return UNITS.reduce((total, [, factor], index) => total + Number(match[index + 1] ?? 0) * factor, 0);
}
