import { type Expr, type VectorSelector, walk } from '../../../promql/ast.ts';
import { type Choice, resolve } from '../labels/choose.ts';
import type { LabelSpace } from '../labels/space.ts';
import type { Interval } from '../model/interval.ts';
import { constant, type Signal } from '../model/signal.ts';
import { keyOf } from '../model/vector.ts';
import type { Labels, ModelSeries } from '../model/world.ts';

/** A series whose signal is being solved. */
export interface SolvedSeries extends ModelSeries {
  readonly labels: Labels;
  /** It only grows: what follows a piece goes on from its end. */
  counter: boolean;
  /** What was asked of its level so far, at each reference time, and of its slope per second. */
  levelWant: readonly Interval[] | null;
  slopeWant: Interval | null;
}

interface Saved {
  readonly signal: Signal;
  readonly present: boolean;
  readonly counter: boolean;
  readonly levelWant: readonly Interval[] | null;
  readonly slopeWant: Interval | null;
}

export type Snapshot = ReadonlyMap<SolvedSeries, Saved>;

/** More series than this are no readable witness, and soon exceed promtool's sample limit. */
const MAX_SERIES = 2_000;

function copy({ signal, present, counter, levelWant, slopeWant }: Saved, to: SolvedSeries): void {
  Object.assign(to, { signal, present, counter, levelWant, slopeWant });
}

/** All series of a search: those of each selector, one for each combination of the values of its labels. */
export class SeriesPool {
  readonly all: SolvedSeries[] = [];
  readonly #byKey = new Map<string, SolvedSeries>();
  readonly #ofLeaf = new Map<
    VectorSelector,
    { readonly series: SolvedSeries; readonly values: ReadonlyMap<number, string> }[]
  >();
  readonly #space: LabelSpace;
  readonly #choice: Choice;

  constructor(expr: Expr, space: LabelSpace, choice: Choice) {
    this.#space = space;
    this.#choice = choice;
    for (const node of walk(expr)) if (node.kind === 'selector') this.refresh(node);
  }

  /** Adds the series of a selector that its label values now ask for. False when they become too many. */
  refresh(selector: VectorSelector): boolean {
    const output = this.#space.outputs.get(selector);
    if (output === undefined) return false;
    const ids = new Set<number>();
    for (const term of output.values()) if (term.kind === 'variable') ids.add(this.#space.root(term.id));
    const many = [...ids].filter((id) => (this.#choice.get(id)?.length ?? 1) > 1);
    let combinations: Map<number, string>[] = [new Map()];
    for (const id of many) {
      combinations = combinations.flatMap((one) =>
        (this.#choice.get(id) ?? []).map((value) => new Map([...one, [id, value]])),
      );
      if (combinations.length > MAX_SERIES) return false;
    }
    const entries = combinations.map((values) => {
      const labels: Record<string, string> = {};
      for (const [label, term] of output) {
        const text = resolve(term, label, this.#space, this.#choice, values);
        if (text !== '') labels[label] = text;
      }
      return { series: this.#series(labels), values };
    });
    this.#ofLeaf.set(selector, entries);
    // The first combination is the one that was there before: the others do as it does.
    const [first] = entries;
    for (const { series } of entries) if (first?.series.present && !series.present) copy(first.series, series);
    return true;
  }

  /** The series of a selector; with `only`, those whose label classes have these values. */
  of(selector: VectorSelector, only: ReadonlyMap<number, string>): SolvedSeries[] {
    const entries = this.#ofLeaf.get(selector) ?? [];
    return entries
      .filter(({ values }) => [...values].every(([id, value]) => only.get(id) === undefined || only.get(id) === value))
      .map(({ series }) => series);
  }

  /** Leaves out all series of a selector but its first. */
  onlyFirst(): void {
    const first = new Set([...this.#ofLeaf.values()].map(([entry]) => entry?.series));
    for (const series of this.all) if (!first.has(series)) series.present = false;
  }

  save(): Snapshot {
    return new Map(
      this.all.map((series) => {
        const { signal, present, counter, levelWant, slopeWant } = series;
        return [series, { signal, present, counter, levelWant, slopeWant }];
      }),
    );
  }

  restore(snapshot: Snapshot): void {
    for (const series of this.all) Object.assign(series, snapshot.get(series) ?? { present: false });
  }

  #series(labels: Labels): SolvedSeries {
    const key = keyOf(labels);
    let found = this.#byKey.get(key);
    if (found === undefined) {
      found = { labels, signal: constant(1), present: false, counter: false, levelWant: null, slopeWant: null };
      this.#byKey.set(key, found);
      this.all.push(found);
    }
    return found;
  }
}
