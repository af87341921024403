const MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of a PromQL duration: `5m`, `1h30m`, or plain seconds (`300`, as Prometheus 3 takes them). Null for another text. */
export function promqlDurationMs(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1_000;
  if (!/^(\d+(ms|[smhdwy]))+$/.test(trimmed)) return null;
  let total = 0;
  for (const [, amount, unit] of trimmed.matchAll(/(\d+)(ms|[smhdwy])/g))
    total += Number(amount) * (MS[unit ?? ''] ?? 0);
  return total;
}

/** The duration divided by `factor`, in whole milliseconds; zero stays zero. Null when it is none, or would vanish. */
export function scaleDuration(text: string, factor: number): string | null {
  const ms = promqlDurationMs(text);
  if (ms === null) return null;
  const scaled = Math.round(ms / factor);
  if (ms > 0 && scaled < 1) return null;
  return ms === 0 ? '0s' : `${scaled}ms`;
}
