import { lookbackOf, readsClock } from '../../audit/witness/clockwork.ts';
import type { WitnessSeries } from '../../audit/witness/types.ts';
import { blend } from './blend.ts';
import type { CaseInput, CasePrediction } from './case.ts';
import { type CaseClock, evaluationMs, sampleMs } from './clock.ts';
import type { OracleTrial, SeenState } from './oracle-text.ts';
import type { DrillRule } from './rule.ts';
import { type Context, counterTest, firedBy, inContext, type Script } from './script.ts';
import { type RuleUnit, withSteps } from './units.ts';

/** Wall times, in milliseconds, that a drill waits for what others do. */
export interface Waits {
  /** For which the fault lasts once its alert fires: the receivers are to be told before it ends. */
  readonly deliveryMs: number;
  /** For an alert to resolve by itself; beyond that its end is not watched. */
  readonly resolveMs: number;
  /** In which rules run on healthy series before the alert becomes active. */
  readonly beforeMs: number;
  /** After the last transition: notifications are still under way. */
  readonly afterMs: number;
  /** Of health that the series must hold before the fault, at least: rules are loaded some time before it. */
  readonly historyMs?: number;
}

/** For routes that wait as little as they can. */
export const SHORT_WAITS: Waits = {
  deliveryMs: 2_000,
  resolveMs: 45_000,
  beforeMs: 1_200,
  afterMs: 600,
  historyMs: 8_500,
};

/** A case while promtool is asked about it. */
export interface Draft {
  readonly id: string;
  readonly input: CaseInput;
  /** The unit of its alert, and those of all that it reads. */
  readonly unit: RuleUnit;
  readonly units: readonly RuleUnit[];
  /** All rules that the alert needs, in order, unscaled. */
  readonly rules: readonly DrillRule[];
  readonly clock: CaseClock;
  readonly waits: Waits;
  readonly context: Context | null;
  /** For subqueries without a step. */
  readonly stepMs: number;
  /** Share of the time before the fault in which the longest windows would fill; 1 for all of it. */
  readonly soon: number;
}

/** What surrounds the fault: healthy series, those of the near miss, or none at all. */
export type Calm = 'healthy' | 'near' | 'nothing';

/** The script of a draft with a fault that ends at `offMs`, or never; null where it cannot be told from others by its label. */
export function faultSeries(draft: Draft, calm: Calm, offMs: number | null): WitnessSeries[] | null {
  const { input, context, rules } = draft;
  const around = { healthy: input.healthy, near: input.near?.series ?? null, nothing: [] }[calm];
  if (around === null) return null;
  const isCounter = counterTest(rules.map(({ ast }) => ast));
  return inContext(blend(around, input.faulty, { onMs: onsetMs(draft), offMs }, isCounter), context);
}

/** Whether the calendar fires it, and no series plays a part. */
export function clockAlone({ faulty, healthy, searched }: CaseInput): boolean {
  return faulty.length === 0 && (healthy ?? []).length === 0 && readsClock(searched);
}

/** The fault begins here, at an evaluation. Where the clock alone decides, it does so from the start. */
export function onsetMs({ input, clock, soon, waits: { historyMs = 0 } }: Draft): number {
  if (clockAlone(input)) return 0;
  const step = evaluationMs(clock);
  const history = Math.max(4 * step, up(historyMs * clock.factor, step));
  return Math.max(up(input.holdFromMs * soon, step), historyMs === 0 ? 0 : history);
}

/** The same with less health before its fault: the longest windows are not full then. Null where that would gain nothing. */
export function sooner(draft: Draft, soon: number): Draft | null {
  if (soon === 1) return draft;
  const early = { ...draft, soon };
  return onsetMs(early) < onsetMs(draft) / 2 ? early : null;
}

/** A question about series of a draft until `endMs`. */
export function trialOf(
  draft: Draft,
  name: string,
  { series, context }: Pick<Script, 'series' | 'context'>,
  endMs: number,
): OracleTrial {
  const { id, rules, clock, stepMs } = draft;
  const interval = sampleMs(clock);
  return {
    id: `${id}.${name}`,
    rules: rules.map((rule) => ({ ...rule, expr: withSteps(rule, stepMs) })),
    context,
    series,
    sampleMs: interval,
    intervalMs: interval,
    evaluationMs: evaluationMs(clock),
    endMs: up(endMs, evaluationMs(clock)),
  };
}

/** Long enough for the fault to fire its alert. */
export function firingEndMs(draft: Draft): number {
  const { rule, searched } = draft.input;
  const step = evaluationMs(draft.clock);
  const clockOnly = clockAlone(draft.input) ? up(draft.input.holdFromMs, step) : 0;
  if (draft.soon < 1) return 5 * onsetMs(draft) + up(rule.forMs, step) + 4 * step;
  return onsetMs(draft) + lookbackOf(searched) + up(rule.forMs, step) + clockOnly + 4 * step;
}

/** When the fault ends: the alert has fired for long enough to be delivered. */
export function faultEndMs({ clock, waits }: Pick<Draft, 'clock' | 'waits'>, firingMs: number): number {
  return up(firingMs + waits.deliveryMs * clock.factor, evaluationMs(clock));
}

/** Long enough for the alert to resolve, within what a drill waits for. */
export function resolvedEndMs({ input, clock, waits }: Draft, offMs: number): number {
  const { searched, rule } = input;
  const step = evaluationMs(clock);
  // Ages grow and calendars turn without any series.
  const clockMs = readsClock(searched) ? 3_600_000 : 0;
  const wanted = lookbackOf(searched) + rule.keepFiringForMs + 300_000 + clockMs + 4 * step;
  return offMs + Math.min(wanted, waits.resolveMs * clock.factor);
}

/** When rules begin to run, and when the script is over. */
export function liveSpan(
  { clock, waits }: Draft,
  { pendingMs, firingMs, resolvedMs }: CasePrediction,
  offMs: number | null,
) {
  const step = evaluationMs(clock);
  const before = up(waits.beforeMs * clock.factor, step);
  const last = resolvedMs ?? offMs ?? faultEndMs({ clock, waits }, firingMs);
  return { liveFromMs: (pendingMs ?? firingMs) - before, endMs: up(last + waits.afterMs * clock.factor, step) };
}

/** What the alert of a rule did, or null where it never fired. */
export function predictionOf(
  states: readonly SeenState[],
  rule: DrillRule,
  stepMs: number,
  endMs: number,
): CasePrediction | null {
  const own = states.filter(({ labels }) => firedBy(rule, labels));
  const firing = own.filter(({ state }) => state === 'firing');
  if (firing.length === 0) return null;
  const pending = own.filter(({ state }) => state === 'pending').map(({ firstMs }) => firstMs);
  const lastMs = Math.max(...firing.map((each) => each.lastMs));
  return {
    pendingMs: pending.length === 0 ? null : Math.min(...pending),
    firingMs: Math.min(...firing.map(({ firstMs }) => firstMs)),
    resolvedMs: lastMs >= endMs - stepMs ? null : lastMs + stepMs,
    labels: firing.map(({ labels }) => labels),
    steady: firing.every(({ firstMs, lastMs: last, evaluations }) => evaluations === (last - firstMs) / stepMs + 1),
  };
}

function up(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}
