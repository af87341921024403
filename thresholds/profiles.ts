/** The load profiles, by what they ask: does it work at all, at expected traffic, above it, for long, in a jump, and until when. */
export const PROFILE_NAMES = ['smoke', 'load', 'stress', 'soak', 'spike', 'breakpoint'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** A part of a profile: the traffic moves to `factor` times the expected over `share` of the duration. */
export interface Stage {
  share: number;
  factor: number;
}

/**
 * `samples`: each endpoint gets the samples that its promises need, spread evenly; the length follows from them.
 * `ramp`: the service's expected traffic times a factor that changes over time, split by the weights of its endpoints.
 * `ladder`: steps of constant traffic, each judged by itself, until the promise breaks.
 */
export type Profile =
  | { name: ProfileName; kind: 'samples' }
  | { name: ProfileName; kind: 'ramp'; durationMs: number; stages: readonly Stage[] }
  | { name: ProfileName; kind: 'ladder'; durationMs: number; factors: readonly number[] };

const MINUTE = 60_000;

/**
 * Shapes and lengths as k6 documents them for these kinds of test (k6-docs, testing-guides/test-types), with the traffic as a
 * factor of the expected: average load 100 users, stress 200, spike 2,000, soak eight hours at the average.
 */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  smoke: { name: 'smoke', kind: 'samples' },
  load: ramp('load', 40 * MINUTE, [5, 1], [30, 1], [5, 0]),
  stress: ramp('stress', 45 * MINUTE, [10, 2], [30, 2], [5, 0]),
  soak: ramp('soak', 490 * MINUTE, [5, 1], [480, 1], [5, 0]),
  spike: ramp('spike', 3 * MINUTE, [2, 20], [1, 0]),
  // Two hours up to 200 times the expected: twelve steps, each 1.62 times the one before.
  breakpoint: { name: 'breakpoint', kind: 'ladder', durationMs: 120 * MINUTE, factors: geometric(1, 200, 12) },
};

/** The average factor of a ramp that starts at zero: its area, by trapezes. */
export function meanFactor(stages: readonly Stage[]): number {
  let from = 0;
  let area = 0;
  for (const { share, factor } of stages) {
    area += (share * (from + factor)) / 2;
    from = factor;
  }
  return area;
}

function ramp(name: ProfileName, durationMs: number, ...parts: [minutes: number, factor: number][]): Profile {
  const stages = parts.map(([minutes, factor]) => ({ share: (minutes * MINUTE) / durationMs, factor }));
  return { name, kind: 'ramp', durationMs, stages };
}

function geometric(first: number, last: number, steps: number): number[] {
  const growth = (last / first) ** (1 / (steps - 1));
  return Array.from({ length: steps }, (_, step) => Number((first * growth ** step).toPrecision(3)));
}
