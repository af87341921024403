import type { OfLatest } from './model.ts';

/** Longest memory of a confirmation: what fits into the bits of one number. */
const MAX_LATEST = 30;

/**
 * Reads `2 of 3`; null when it is not of that form, asks for more than there is, or for more than 30.
 */
export function parseOfLatest(text: string): OfLatest | null {
  const [, needed, latest] = /^(\d{1,2}) of (\d{1,2})$/.exec(text)?.map(Number) ?? [];
  if (needed === undefined || latest === undefined) return null;
  return needed >= 1 && needed <= latest && latest <= MAX_LATEST ? { needed, latest } : null;
}
