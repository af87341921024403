import type { RuleGroup } from '../audit/rule-file/model.ts';
import { printDuration } from '../promql/print.ts';
import { chooseFactor, type Limit } from './factor.ts';
import { demandsOf } from './limits.ts';
import { type LinkedRule, sharedClocks } from './links.ts';
import type { ScaledGroup, ScaleGroupsOptions } from './types.ts';

/** A group of one of the files, and its interval in real time: its own, or that of the server. */
export interface FiledGroup {
  file: string;
  group: RuleGroup;
  intervalMs: number;
}

/** How fast a group runs, and what follows from it. */
export type GroupClock = Pick<
  ScaledGroup,
  'factor' | 'limitedBy' | 'clock' | 'wallIntervalMs' | 'wallScrapeMs' | 'wallLookbackMs'
>;

/** Scrapes that a look-back must hold: with fewer, one that comes late makes a series vanish. */
const SCRAPES_IN_LOOKBACK = 4;

/** The clock of each group, by its index. */
export function groupClocks(
  groups: readonly FiledGroup[],
  producers: ReadonlyMap<LinkedRule, readonly LinkedRule[]>,
  options: ScaleGroupsOptions,
): GroupClock[] {
  const binding = ({ rule }: LinkedRule) => rule.kind === 'record' || options.alertStatesWritten !== true;
  const sets = sharedClocks(groups.length, producers, binding);
  const intervalOf = ({ group }: LinkedRule) => groups[group]?.intervalMs ?? options.evaluationIntervalMs;
  const demands = [...producers].map(([linked, recorded]) => ({
    group: linked.group,
    ...demandsOf(linked, recorded, intervalOf, options),
  }));
  const chosen = new Map(
    [...new Set(sets)].map((set) => {
      const members = groups.filter((_, index) => sets[index] === set);
      const own = demands.filter(({ group }) => sets[group] === set);
      const limits = own.flatMap((demand) => demand.limits.map((limit) => ({ ...limit, group: demand.group })));
      return [
        set,
        choose(
          limits,
          own.flatMap(({ durationsMs }) => durationsMs),
          members,
          options,
        ),
      ] as const;
    }),
  );
  return groups.map(({ intervalMs }, index) => {
    const { factor, limitedBy, group } = chosen.get(sets[index] ?? index) ?? { factor: 1, limitedBy: '', group: index };
    const wallIntervalMs = Math.max(options.wallEvaluationMs, Math.round(intervalMs / factor));
    const wallScrapeMs = Math.max(options.wallScrapeMs, Math.round(options.scrapeIntervalMs / factor));
    const least = SCRAPES_IN_LOOKBACK * Math.max(wallScrapeMs, wallIntervalMs);
    return {
      factor,
      limitedBy:
        group === null || group === index
          ? limitedBy
          : `${limitedBy}, in ${groups[group]?.group.name}, whose series it shares`,
      clock: options.clock(factor),
      wallIntervalMs,
      wallScrapeMs,
      wallLookbackMs: Math.max(least, Math.round(options.lookbackMs / factor)),
    };
  });
}

type GroupLimit = Limit & { group: number | null };

function choose(
  limits: readonly GroupLimit[],
  durationsMs: readonly number[],
  members: readonly FiledGroup[],
  { wallEvaluationMs, maxFactor }: ScaleGroupsOptions,
) {
  const intervals = members.map(({ intervalMs }) => intervalMs);
  const all = [...limits];
  if (limits.length === 0) {
    const shortest = Math.min(...intervals);
    const each = `${printDuration(shortest)} is ${printDuration(wallEvaluationMs)}`;
    all.push({
      group: null,
      factor: shortest / wallEvaluationMs,
      reason: `no window and no hold: each interval of ${each}`,
    });
  }
  if (maxFactor !== undefined) all.push({ group: null, factor: maxFactor, reason: `the given limit of ${maxFactor}` });
  const tightest = Math.min(...all.map(({ factor }) => factor));
  // An interval that will be shorter than the smallest allowed is not divided at all.
  const divided = intervals.filter((ms) => ms / tightest >= wallEvaluationMs);
  const choice = chooseFactor(all, [...durationsMs, ...divided]);
  return { ...choice, group: all.find(({ factor }) => factor === tightest)?.group ?? null };
}
