import type { ProbeSpec } from '../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from './context.ts';
import type { InfoDef } from './metrics/info.ts';
import type { SeriesDef } from './metrics/series.ts';
import type { ProbeResult } from './result.ts';
import type { ProbeTarget } from './target.ts';

/** A sort of probe. */
export interface ProbeKind<Spec extends ProbeSpec> {
  /** The probe of one target. What it must remember between runs lives in it, and outlives a reload that does not change the target. */
  create(context: ProbeContext, target: ProbeTarget<Spec>): Probe;
  /** What is wrong with an address for this kind, and what to do: the end of a sentence that begins with the address. */
  addressProblem(url: URL): string | undefined;
  /** The series that this kind adds to those that all targets have. Depends on the catalogue alone, never on a result. */
  layout(target: Pick<ProbeTarget<Spec>, 'spec' | 'url'>): KindLayout;
}

/** The probe of one target. */
export interface Probe {
  /** Runs once. Never rejects but by `options.signal`: whatever goes wrong is in the result. */
  run(options: ProbeOptions): Promise<ProbeResult>;
  /** Frees what it holds between runs, if anything. */
  close?(): Promise<void> | void;
}

/** What tells the layouts of one kind apart, and what is in them. */
export interface KindLayout {
  /** Settings that change the series, such as `+tls+pattern`: targets with the same ones share a layout. */
  variant: string;
  /** Groups of reasons (values of `REASON_GROUP`) that a failure of this kind can have. */
  failures: readonly string[];
  /** Made once for each variant. */
  series: () => SeriesDef[];
  /** Series whose labels depend on what was seen; only what is asked for. None by default. */
  infos?: () => InfoDef[];
}
