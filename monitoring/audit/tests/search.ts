import { type Expr, walk } from '../../promql/ast.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { WitnessSeries } from '../witness/types.ts';
import type { Moment } from './observation.ts';
import type { Predictor } from './predict.ts';
import { between, commonStep, joined, mapped, relabelled, seriesKey, union } from './series-edit.ts';
import type { Trial, TrialSource } from './trial.ts';
import { timesAround } from './trials/limits.ts';

/** Inputs that are made up for a rule before its mutants are let go. */
const MOST_TRIALS = 80;

/** Of which no more in a row without anything found. */
const PATIENCE = 30;

/**
 * Makes up inputs from the pieces of a witness, at random but the same for the same rule, and keeps those in which the model tells a mutant from
 * its original: each series faulty, healthy, beside the limit, scaled, at a number of the expression or gone; with companions under another
 * value of a label that the expression names; from the start or from the middle on.
 */
export function searchTrials(
  { rule, witness }: Pick<TrialSource, 'rule' | 'witness'>,
  mutants: readonly Mutant[],
  predict: Predictor,
): Map<Mutant, readonly Moment[]> {
  const found = new Map<Mutant, readonly Moment[]>();
  let open = [...mutants];
  const random = randomFrom(rule.expr);
  const pieces = piecesOf(rule.ast, witness);
  for (let tried = 0, idle = 0; tried < MOST_TRIALS && idle < PATIENCE && open.length > 0; tried += 1) {
    const trial = makeUp(pieces, random);
    const prediction = predict.differs(open, [trial]);
    idle = prediction.size === 0 ? idle + 1 : 0;
    for (const [mutant, moments] of prediction) found.set(mutant, moments);
    open = open.filter((mutant) => !found.has(mutant));
  }
  return found;
}

interface Pieces {
  series: readonly { fault: WitnessSeries; near: WitnessSeries | undefined; calm: WitnessSeries | undefined }[];
  numbers: readonly number[];
  /** Labels that the expression names, with values worth a try. */
  labels: readonly { name: string; values: readonly string[] }[];
  endMs: number;
  fireAtMs: number;
  evaluationMs: number;
  intervalMs: number;
}

function piecesOf(ast: Expr, witness: TrialSource['witness']): Pieces {
  const { series, near, healthy, endMs, fireAtMs, evaluationMs, intervalMs } = witness;
  const nearBy = new Map((near?.series ?? []).map((each) => [seriesKey(each), each]));
  const calmBy = new Map((healthy?.series ?? []).map((each) => [seriesKey(each), each]));
  const all = union(series, near?.series ?? [], healthy?.series ?? []);
  const labels = new Map<string, Set<string>>([['replica', new Set(['2', '3'])]]);
  const numbers = new Set([0, 1, 2]);
  const note = (name: string, ...values: string[]) => {
    const known = labels.get(name) ?? new Set<string>();
    labels.set(name, known);
    for (const value of values) known.add(value);
  };
  for (const node of walk(ast)) {
    if (node.kind === 'number') numbers.add(node.value);
    if (node.kind === 'selector') {
      for (const { label, value, op } of node.matchers) {
        note(label, 'other', '');
        if (op === '!=' || op === '=') note(label, value);
        else
          for (const part of value.replaceAll(/[\\^$()?*+]/g, '').split('|'))
            note(label, part.replaceAll('.', 'x'), part);
      }
    }
    if (node.kind === 'aggregation') for (const name of node.grouping?.labels ?? []) note(name, 'second');
    if (node.kind === 'binary') for (const name of node.matching?.labels ?? []) note(name, 'second');
  }
  return {
    series: all.map((fault) => ({ fault, near: nearBy.get(seriesKey(fault)), calm: calmBy.get(seriesKey(fault)) })),
    numbers: [...numbers],
    labels: [...labels].map(([name, values]) => ({ name, values: [...values] })),
    endMs,
    fireAtMs,
    evaluationMs,
    intervalMs,
  };
}

type Random = <T>(items: readonly T[]) => T;

function makeUp(pieces: Pieces, random: Random): Trial {
  const { endMs, fireAtMs, evaluationMs, intervalMs } = pieces;
  const whole = random([true, false, false]);
  const mood = random(['fault', 'near', 'calm', 'mixed', 'mixed'] as const);
  const base = pieces.series.flatMap(
    (piece) =>
      life(
        piece,
        mood === 'mixed' || random([true, false, false, false]) ? random(WAYS) : mood,
        pieces.numbers,
        random,
      ) ?? [],
  );
  const companions = Array.from({ length: random([0, 1, 1, 2]) }, () => {
    const { name, values } = random(pieces.labels);
    const value = random(values);
    const way = random(WAYS);
    return pieces.series
      .filter(({ fault }) => whole || random([true, false]) || fault.labels[name] !== undefined)
      .filter(({ fault }) => name === 'replica' || fault.labels[name] !== undefined)
      .flatMap((piece) => life(piece, way, pieces.numbers, random) ?? [])
      .map((each) => relabelled(each, { [name]: value }));
  });
  const series = union(base, ...companions);
  if (random([true, true, false])) {
    return { title: 'a mixture', series, endMs, timesMs: timesAround(fireAtMs, evaluationMs, endMs) };
  }
  const step = commonStep(intervalMs, evaluationMs);
  const changeAtMs = Math.ceil(endMs / 2 / step) * step;
  const later = new Map(
    pieces.series
      .flatMap((piece) => life(piece, random(['fault', 'near', 'calm', 'between']), pieces.numbers, random) ?? [])
      .map((each) => [seriesKey(each), each]),
  );
  const changing = series.map((each) => {
    const next = later.get(seriesKey(each));
    return next === undefined ? each : joined(each, next, changeAtMs, intervalMs);
  });
  const looks = [0.02, 0.1, 0.25, 0.5, 0.75, 1].map(
    (share) => changeAtMs + Math.round((share * endMs) / evaluationMs) * evaluationMs,
  );
  return {
    title: 'a mixture that changes',
    series: changing,
    endMs: changeAtMs + endMs,
    timesMs: [...new Set(looks)].filter((time) => time <= changeAtMs + endMs),
  };
}

const WAYS = ['fault', 'near', 'calm', 'between', 'scaled', 'number', 'gone', 'still'] as const;

function life(
  { fault, near, calm }: Pieces['series'][number],
  way: (typeof WAYS)[number],
  numbers: readonly number[],
  random: Random,
): WitnessSeries | undefined {
  switch (way) {
    case 'fault':
      return fault;
    case 'near':
      return near ?? calm ?? fault;
    case 'calm':
      return calm ?? near;
    case 'between':
      return near === undefined ? fault : (between(near, fault, random([0.01, 0.1, 0.5, 1.5])) ?? fault);
    case 'scaled': {
      const factor = random([0.5, 2, 10, 0.1, -1]);
      return mapped(
        random([fault, near ?? fault, calm ?? fault]),
        (value) => value * factor,
        (slope) => slope * factor,
      );
    }
    case 'number': {
      const value = random(numbers);
      const segments = fault.segments.map((segment) => ({
        fromMs: segment.fromMs,
        value: segment.value === null ? null : value,
        slopePerSecond: 0,
      }));
      return { ...fault, segments };
    }
    case 'still':
      return mapped(
        fault,
        (value) => value,
        () => 0,
      );
    case 'gone':
      return undefined;
  }
}

/** mulberry32 (Tommy Ettinger), seeded with the FNV-1a hash of a text: the same rule always meets the same inputs. */
function randomFrom(text: string): Random {
  let state = 2_166_136_261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    const share = ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    return items[Math.floor(share * items.length)] as (typeof items)[number];
  };
}
