const RANKS: readonly (readonly string[])[] = [
  ['info', 'information', 'informational', 'notice', 'none', 'low'],
  ['warning', 'warn', 'ticket', 'minor', 'medium'],
  ['major', 'error', 'high'],
  ['critical', 'crit', 'page', 'emergency', 'fatal', 'disaster'],
];

/** How grave a severity is, from 0; null for a word that is none, or a template. */
export function severityRank(severity: string | undefined): number | null {
  const rank = RANKS.findIndex((names) => names.includes((severity ?? '').toLowerCase()));
  return rank < 0 ? null : rank;
}

/** An alert's name without the habits of spelling: HighCPUUsage and high_cpu_usage are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
