import { meanFactor, type Profile } from './profiles.ts';

/** The endpoints start one after the other over this time, or over this share of a short run. */
const SMOKE_SPREAD_MS = 4_000;
const SMOKE_SPREAD_SHARE = 0.15;

/** When an endpoint is asked. Rates are iterations per second; `iterations` is exact for `even` and an estimate for the others. */
export type Schedule =
  | { kind: 'none' }
  | { kind: 'even'; iterations: number; startMs: number; durationMs: number }
  | { kind: 'ramp'; iterations: number; durationMs: number; peakPerSecond: number; stages: RampStage[] }
  | { kind: 'ladder'; iterations: number; steps: LadderStep[] };

export interface RampStage {
  durationMs: number;
  toPerSecond: number;
}

export interface LadderStep {
  factor: number;
  startMs: number;
  durationMs: number;
  perSecond: number;
}

/**
 * `phase` (0 to 1) shifts the start, so that endpoints of one rate do not all fire at the same moment, and so that k6 does not warm up
 * all of its virtual users in the same second.
 */
export function evenSchedule(iterations: number, durationMs: number, phase: number): Schedule {
  const spreadMs = Math.min(SMOKE_SPREAD_MS, durationMs * SMOKE_SPREAD_SHARE);
  return { kind: 'even', iterations, startMs: Math.floor(phase * spreadMs), durationMs };
}

/** A ramp or a ladder of a profile, at the endpoint's share of the expected traffic. */
export function shapedSchedule(profile: Profile, durationMs: number, perSecond: number): Schedule {
  if (profile.kind === 'ladder') {
    const stepMs = Math.floor(durationMs / profile.factors.length);
    const steps = profile.factors.map((factor, index) => ({
      factor,
      startMs: index * stepMs,
      durationMs: stepMs,
      perSecond: perSecond * factor,
    }));
    const iterations = steps.reduce((sum, step) => sum + (step.perSecond * stepMs) / 1_000, 0);
    return { kind: 'ladder', iterations: Math.ceil(iterations), steps };
  }
  const shape = profile.kind === 'ramp' ? profile.stages : [];
  const stages = shape.map(({ share, factor }) => ({
    durationMs: share * durationMs,
    toPerSecond: perSecond * factor,
  }));
  return {
    kind: 'ramp',
    durationMs,
    stages,
    iterations: Math.ceil((perSecond * meanFactor(shape) * durationMs) / 1_000),
    peakPerSecond: Math.max(...stages.map(({ toPerSecond }) => toPerSecond)),
  };
}
