import { type Aggregation, walk } from '../../../promql/ast.ts';
import type { WitnessSeries } from '../../witness/types.ts';
import { relabelled, seriesKey } from '../series-edit.ts';
import type { Trial, TrialFamily, TrialSource } from '../trial.ts';

/** Limits of an expression that are looked at. */
const MOST_LIMITS = 3;
/** With so many series any share of one percent and more is met, and passed by less than a hundredth of it. */
const MOST_SERIES = 200;
const NEAR = 0.01;

/** Many series of which a share has the fault: as many as the limit says, and just more and just less. */
export const shares: TrialFamily = familyFor(['threshold', 'comparison'], ['count', 'avg']);

/** The same for rules that count. */
export const countedShares: TrialFamily = familyFor(['aggregation'], ['count']);

function familyFor(operators: TrialFamily['operators'], over: readonly Aggregation['op'][]): TrialFamily {
  return { operators, trials };

  function trials({ rule, witness }: TrialSource): Trial[] {
    const nodes = [...walk(rule.ast)];
    const counting = nodes.find((node) => node.kind === 'aggregation' && over.includes(node.op));
    if (counting?.kind !== 'aggregation') return [];
    const { series, healthy, near, endMs, fireAtMs } = witness;
    const calm = new Map([...(near?.series ?? []), ...(healthy?.series ?? [])].map((each) => [seriesKey(each), each]));
    if (!series.some((each) => calm.has(seriesKey(each)))) return [];
    const label = memberLabel(counting, series);
    const limits = nodes.flatMap((node) => (node.kind === 'number' ? shareOf(node.value) : []));
    return [...new Set(limits)]
      .slice(0, MOST_LIMITS)
      .flatMap(mixtures)
      .map(({ faulty, all }): Trial => {
        const members = series.flatMap((fault) => {
          const well = calm.get(seriesKey(fault));
          if (well === undefined) return [fault];
          return Array.from({ length: all }, (_, index) =>
            relabelled(index < faulty ? fault : well, { [label]: `member-${index + 1}` }),
          );
        });
        return { title: `${faulty} of ${all} series with the fault`, series: members, endMs, timesMs: [fireAtMs] };
      });
  }
}

/** A label in which members of one group differ. */
function memberLabel({ grouping }: Aggregation, series: readonly WitnessSeries[]): string {
  const dropped = grouping?.by === false ? grouping.labels : [];
  return dropped.find((name) => series.some(({ labels }) => labels[name] !== undefined)) ?? 'replica';
}

/** A number as a share of faulty ones, or of those without fault; both as a ratio or in percent. */
function shareOf(value: number): number[] {
  const share = value < 1 ? value : value / 100;
  return share > 0 && share < 1 ? [share, 1 - share] : [];
}

interface Mixture {
  faulty: number;
  all: number;
}

function mixtures(share: number): Mixture[] {
  const kinds: ((actual: number) => boolean)[] = [
    (actual) => Math.abs(actual - share) < 1e-9,
    (actual) => actual > share + 1e-9 && actual < share * (1 + NEAR),
    (actual) => actual < share - 1e-9 && actual > share * (1 - NEAR),
  ];
  return kinds.flatMap((fits) => fewest(share, fits) ?? []);
}

/** The fewest series with a share that fits. */
function fewest(share: number, fits: (actual: number) => boolean): Mixture | null {
  for (let all = 2; all <= MOST_SERIES; all += 1) {
    for (const faulty of [Math.floor(share * all), Math.ceil(share * all), Math.floor(share * all) + 1]) {
      if (faulty > 0 && faulty < all && fits(faulty / all)) return { faulty, all };
    }
  }
  return null;
}
