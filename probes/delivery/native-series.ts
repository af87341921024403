import protobuf from 'protobufjs/minimal.js';
import { PROBE_METRIC } from '../../thresholds/names.ts';
import type { SeriesState } from '../metrics/registry.ts';
import type { Layout } from '../metrics/series.ts';
import type { ExtraSeries } from './encode.ts';
import { createNativeHistogram, encodeStaleHistogram, type NativeHistogram } from './native-histogram.ts';

/**
 * The durations of each target's judged runs as a native histogram beside the classic one, under the name without a suffix. Fed from
 * the target's own numbers: its count rises by one with each judged run, whose duration then stands in the gauge.
 */
export function nativeDurations(): ExtraSeries {
  const histograms = new WeakMap<SeriesState, { histogram: NativeHistogram; counted: number }>();
  const slots = new WeakMap<Layout, { count: number; duration: number }>();
  const slotsOf = (layout: Layout) => {
    const known = slots.get(layout) ?? {
      count: layout.series.findIndex(
        ({ family, suffix }) => family.name === PROBE_METRIC.allDurationSeconds && suffix === '_count',
      ),
      duration: layout.series.findIndex(({ family }) => family.name === PROBE_METRIC.durationSeconds),
    };
    slots.set(layout, known);
    return known;
  };
  return {
    name: PROBE_METRIC.allDurationSeconds,
    encode(state, timestampMs, stale) {
      const { count, duration } = slotsOf(state.layout);
      if (count < 0) return null;
      const known = histograms.get(state) ?? { histogram: createNativeHistogram(), counted: 0 };
      histograms.set(state, known);
      const runs = state.values[count] ?? 0;
      // A reload hands a target's count on; what was before is not known here.
      if (runs > known.counted) known.histogram.add(state.values[duration] ?? 0);
      known.counted = runs;
      const writer = protobuf.Writer.create().uint32(HISTOGRAMS).fork();
      if (stale) encodeStaleHistogram(writer, timestampMs);
      else known.histogram.encode(writer, timestampMs);
      return writer.ldelim().finish();
    },
  };
}

/** Field 4 of a `prometheus.TimeSeries`. */
const HISTOGRAMS = (4 << 3) | 2;
