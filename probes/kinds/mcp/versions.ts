/** Revisions of the protocol that have sessions and `initialize`, the latest first. */
const LEGACY_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;
/** Revisions without sessions: each request stands for itself. */
const MODERN_VERSIONS = ['2026-07-28'] as const;

/** Revisions are dates: the first one without sessions. */
const MODERN_SINCE = '2026-07-28';

/** Whether a revision is of the protocol without sessions. */
export function isModern(version: string): boolean {
  return version >= MODERN_SINCE;
}

/** The revisions of an era that may be spoken, the latest first. `accepted` empty: all that are known. */
export function versionsOf(era: 'modern' | 'legacy', accepted: readonly string[]): readonly string[] {
  if (accepted.length === 0) return era === 'modern' ? MODERN_VERSIONS : LEGACY_VERSIONS;
  return accepted
    .filter((version) => isModern(version) === (era === 'modern'))
    .sort()
    .reverse();
}
