import { inhibits } from '../../audit/mutants/alertmanager/evaluate.ts';
import type { Routing } from '../../audit/mutants/alertmanager/routing.ts';
import type { SyntheticCase } from './case.ts';
import { type Script, same } from './script.ts';
import { type Sources, selectorsOf, selects } from './selects.ts';

type Labels = Readonly<Record<string, string>>;

/** Scripts that are played on one monitoring pair, and the cases whose rules are loaded there. */
export interface LanePlan {
  readonly scripts: readonly Script[];
  readonly cases: readonly SyntheticCase[];
}

/** A script with the labels of the alerts that it fires. */
interface Member {
  readonly script: Script;
  readonly firing: readonly Labels[];
  readonly case: SyntheticCase;
}

/**
 * Sorts cases into lanes, each a monitoring pair of its own, so that no two scripts of a lane disturb each other: no alert may inhibit that of
 * another case, and no series reach the rule of another that no label keeps apart. Cases with a context share lanes; each script of the others has a lane in which only such rules are loaded as its series do not reach. Lanes come in waves of
 * at most `atOnce`; a case lies in one wave as a whole.
 */
export function planWaves(
  cases: readonly SyntheticCase[],
  sources: Sources,
  routing: Routing,
  atOnce: number,
): LanePlan[][] {
  const [marked, bare] = [cases.filter(isMarked), cases.filter((each) => !isMarked(each))];
  const enemies = (a: SyntheticCase, b: SyntheticCase) =>
    same(a.rule, b.rule) || silence(a.prediction.labels, b.prediction.labels, routing);
  const lanes = colour(marked, enemies).map((own) => ({ scripts: own.flatMap(({ scripts }) => scripts), cases: own }));
  const waves: LanePlan[][] = chunks(lanes, atOnce);
  let waiting: readonly SyntheticCase[] = bare;
  while (waiting.length > 0) {
    const last = waves.at(-1);
    const room = atOnce - (last?.length ?? atOnce);
    const [taken, left] = fitting(waiting, room > 0 ? room : atOnce, sources, routing);
    // Not even one case fits into what is left of a wave.
    if (taken.length === 0 && room > 0) waves.push([]);
    else if (room > 0) last?.push(...taken);
    else waves.push(taken);
    waiting = left;
  }
  return waves;
}

function isMarked({ scripts }: SyntheticCase): boolean {
  return scripts.every(({ context }) => context !== null);
}

/** As many cases as find place in `room` lanes, one at least where it is a whole wave, and the others. */
function fitting(
  cases: readonly SyntheticCase[],
  room: number,
  sources: Sources,
  routing: Routing,
): [LanePlan[], SyntheticCase[]] {
  let lanes: Member[][] = [];
  const left: SyntheticCase[] = [];
  for (const each of cases) {
    const members = each.scripts.map((script): Member => {
      return { script, firing: script.role === 'fault' ? each.prediction.labels : [], case: each };
    });
    const tried = colour([...lanes.flat(), ...members], (a, b) => disturb(a, b, sources, routing));
    if (tried.length <= room) lanes = tried;
    else left.push(each);
  }
  const plans = lanes.map((own) => ({
    scripts: own.map(({ script }) => script),
    cases: [...new Set(own.map((one) => one.case))],
  }));
  return [plans, left];
}

function disturb(a: Member, b: Member, sources: Sources, routing: Routing): boolean {
  return (
    a.case === b.case ||
    same(a.script.rule, b.script.rule) ||
    reaches(a.script, b.script, sources) ||
    reaches(b.script, a.script, sources) ||
    silence(a.firing, b.firing, routing)
  );
}

/** Greedy colouring: each in the first lane where it has no enemy. */
function colour<T>(members: readonly T[], enemies: (a: T, b: T) => boolean): T[][] {
  const lanes: T[][] = [];
  for (const member of members) {
    const lane = lanes.find((each) => !each.some((other) => enemies(member, other)));
    if (lane === undefined) lanes.push([member]);
    else lane.push(member);
  }
  return lanes;
}

/** Whether the series of one could reach the rule of the other. */
function reaches(from: Script, { rule }: Script, sources: Sources): boolean {
  const selectors = [...sources.behind(rule), rule].flatMap(({ ast }) => selectorsOf(ast));
  return from.series.some(({ labels }) => selectors.some((selector) => selects(selector, labels)));
}

function silence(some: readonly Labels[], others: readonly Labels[], routing: Routing): boolean {
  return some.some((one) => others.some((other) => inhibits(routing, one, other) || inhibits(routing, other, one)));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
