import { readsClock } from '../../../monitoring/audit/witness/clockwork.ts';
import { alwaysCase } from '../../../monitoring/drill/synthetic/always.ts';
import type { CaseInput, SyntheticCase, Undrillable } from '../../../monitoring/drill/synthetic/case.ts';
import { evaluationMs } from '../../../monitoring/drill/synthetic/clock.ts';
import {
  type Calm,
  clockAlone,
  type Draft,
  faultEndMs,
  faultSeries,
  firingEndMs,
  liveSpan,
  onsetMs,
  predictionOf,
  resolvedEndMs,
  sooner,
  trialOf,
} from '../../../monitoring/drill/synthetic/draft.ts';
import type { OracleTrial } from '../../../monitoring/drill/synthetic/oracle-text.ts';
import { firedBy, inContext, type Role, type Script } from '../../../monitoring/drill/synthetic/script.ts';
import type { DrillMode } from '../../../thresholds/verdict.ts';
import { askOracle, type OracleOptions } from './oracle.ts';

export interface Planned {
  readonly cases: SyntheticCase[];
  readonly undrillable: Undrillable[];
}

/** What is tried in turn: what surrounds the fault, and how much of it comes before. */
const TRIES: readonly { readonly calm: Calm; readonly soon: number }[] = [
  { calm: 'healthy', soon: 1 / 12 },
  { calm: 'healthy', soon: 1 / 3 },
  { calm: 'healthy', soon: 1 },
  { calm: 'near', soon: 1 },
  { calm: 'nothing', soon: 1 },
];

/** What is known of a draft once promtool has seen its fault begin. */
interface Onset {
  readonly draft: Draft;
  readonly calm: Calm;
  readonly firingMs: number;
}

/**
 * Turns drafts into cases: promtool says, on the unscaled rules and with the samples and evaluations of the drill, when each alert is
 * pending, fires and resolves, and that near miss and healthy series keep it silent.
 */
export async function planCases(
  drafts: readonly Draft[],
  modeOf: (input: CaseInput) => DrillMode,
  oracle: OracleOptions,
): Promise<Planned> {
  const undrillable: Undrillable[] = [];
  const always = drafts.filter(isAlways);
  const onsets = await findOnsets(
    drafts.filter((draft) => !isAlways(draft)),
    oracle,
    undrillable,
  );
  const trials: OracleTrial[] = onsets.flatMap((onset) => {
    const { draft, calm } = onset;
    const endMs = resolvedEndMs(draft, offOf(onset));
    const series = faultSeries(draft, calm, offOf(onset));
    const quiet = quietScripts(draft).map((script) => trialOf(draft, script.role, script, endMs));
    return [...(series === null ? [] : [trialOf(draft, 'fault', { ...draft, series }, endMs)]), ...quiet];
  });
  const answers = await askOracle(trials, oracle);
  const cases = onsets.flatMap((onset) => {
    const { draft } = onset;
    const answer = (name: string) => answers.get(`${draft.id}.${name}`);
    const { rule } = draft.input;
    const step = evaluationMs(draft.clock);
    const endMs = resolvedEndMs(draft, offOf(onset));
    const prediction = predictionOf(answer('fault') ?? [], rule, step, endMs);
    const series = faultSeries(draft, onset.calm, offOf(onset));
    if (prediction === null || series === null) {
      undrillable.push({
        rule,
        outcome: 'inconclusive',
        reason: 'promtool did not see it fire on the clock of the drill',
      });
      return [];
    }
    const limits: string[] = [];
    const quiet = quietScripts(draft).filter(({ role }) => {
      const silent = answer(role)?.every(({ labels, state }) => state !== 'firing' || !firedBy(rule, labels));
      if (silent !== true)
        limits.push(`no ${role === 'near' ? 'near miss' : 'healthy control'} that stays silent on its clock`);
      return silent === true;
    });
    const fault: Script = {
      id: `${draft.id}.fault`,
      rule,
      role: 'fault',
      context: draft.context,
      series,
      description: '',
    };
    return [
      {
        id: draft.id,
        rule,
        unit: draft.unit,
        units: draft.units,
        mode: modeOf(draft.input),
        clock: draft.clock,
        scripts: [fault, ...quiet],
        onMs: clockAlone(draft.input) ? (prediction.pendingMs ?? prediction.firingMs) : onsetMs(draft),
        offMs: offOf(onset),
        ...liveSpan(draft, prediction, offOf(onset)),
        prediction,
        limits,
        always: false,
      },
    ];
  });
  return { cases: [...always.map((draft) => alwaysCase(draft, modeOf(draft.input))), ...cases], undrillable };
}

/** Neither series nor the clock can silence it. */
function isAlways({ input: { alwaysFires, rule } }: Draft): boolean {
  return alwaysFires && !readsClock(rule.ast);
}

function offOf({ draft, firingMs }: Onset): number {
  return faultEndMs(draft, firingMs);
}

/** Tries what may surround each fault until it fires out of health, and only then. */
async function findOnsets(
  drafts: readonly Draft[],
  oracle: OracleOptions,
  undrillable: Undrillable[],
): Promise<Onset[]> {
  const onsets: Onset[] = [];
  let waiting = drafts;
  for (const { calm, soon } of TRIES) {
    const asked = waiting.flatMap((whole) => {
      const draft = sooner(whole, soon);
      const series = draft === null ? null : faultSeries(draft, calm, null);
      if (draft === null || series === null) return [];
      return [{ whole, draft, trial: trialOf(draft, 'onset', { ...draft, series }, firingEndMs(draft)) }];
    });
    const answers = await askOracle(
      asked.map(({ trial }) => trial),
      oracle,
    );
    const found = asked.flatMap(({ whole, draft, trial }) => {
      const prediction = predictionOf(answers.get(trial.id) ?? [], draft.input.rule, trial.evaluationMs, trial.endMs);
      if (prediction === null || prediction.firingMs < onsetMs(draft)) return [];
      return [{ whole, draft, calm, firingMs: prediction.firingMs }];
    });
    onsets.push(...found);
    const settled = new Set(found.map(({ whole }) => whole));
    waiting = waiting.filter((draft) => !settled.has(draft));
  }
  for (const { input } of waiting) {
    const reason = 'promtool does not see it fire out of health on the clock of the drill';
    undrillable.push({ rule: input.rule, outcome: 'inconclusive', reason });
  }
  return onsets;
}

/** The near miss, in a context of its own. Health is what the fault's own series show before and after it. */
function quietScripts(draft: Draft): Script[] {
  const { near, rule } = draft.input;
  const make = (role: Role, series: Script['series'] | undefined, description: string): Script[] => {
    const context = draft.context === null ? null : { ...draft.context, value: `${draft.context.value}-${role}` };
    const marked = series === undefined ? null : inContext(series, context);
    return marked === null ? [] : [{ id: `${draft.id}.${role}`, rule, role, context, series: marked, description }];
  };
  return make('near', near?.series, near?.description ?? '');
}
