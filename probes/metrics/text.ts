import { PROBE_METRIC } from '../../thresholds/names.ts';
import { headLabels, headScope, infoLabels, type LabelledTarget, tailLabels } from './labels.ts';
import type { OwnMetric } from './own.ts';
import type { ProbeRegistry, TargetSeries } from './registry.ts';
import type { Family, SeriesDef } from './series.ts';
import { type Exemplar, exemplarText, PROMETHEUS_TEXT, type TextFormat } from './text-format.ts';

/** What a page is made of beside the targets. */
export interface PageOptions {
  /** Of the process itself. */
  own?: readonly OwnMetric[];
  format?: TextFormat;
  /** Of a target's last run, where it had a trace. */
  exemplarOf?: (targetId: string) => Exemplar | undefined;
}

/**
 * The page for those who pull, in pieces of a few kilobytes, so that ten thousand targets are never one string. Grouped by metric, as
 * the formats ask.
 */
export function* renderText(
  registry: Pick<ProbeRegistry, 'all'>,
  { own = [], format = PROMETHEUS_TEXT, exemplarOf = () => undefined }: PageOptions = {},
): Generator<string> {
  const states = [...registry.all()];
  const tails = new Map<TargetSeries, string>(states.map((state) => [state, tailOf(state.target)]));
  const heads = new Map<string, Map<SeriesDef, string>>();
  let piece = '';
  for (const family of familiesOf(states)) {
    piece += format.head(family);
    const withExemplars = format.exemplars && family.name === PROBE_METRIC.allDurationSeconds;
    for (const state of states) {
      const { layout, values, target } = state;
      let exemplar = withExemplars ? exemplarOf(target.id) : undefined;
      for (let slot = 0; slot < layout.series.length; slot += 1) {
        const series = layout.series[slot] as SeriesDef;
        const value = values[slot] as number;
        if (series.family.name !== family.name || Number.isNaN(value)) continue;
        piece += `${headFor(heads, target, series)}${tails.get(state)}} ${value}`;
        // On the lowest bucket that holds it.
        if (exemplar !== undefined && exemplar.value <= boundOf(series)) {
          piece += exemplarText(exemplar);
          exemplar = undefined;
        }
        piece += '\n';
      }
      if (piece.length > 16_384) {
        yield piece;
        piece = '';
      }
    }
  }
  yield piece;
  yield* infoText(states, format);
  yield own.map((metric) => ownText(metric, format)).join('') + format.end;
}

/** NaN for a series that is no bucket. */
function boundOf({ suffix, labels: { le = '' } }: SeriesDef): number {
  if (suffix !== '_bucket') return Number.NaN;
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function ownText({ family, samples }: OwnMetric, format: TextFormat): string {
  const lines = samples.map(({ suffix, labels, value }) => {
    const text = formatLabels(Object.entries(labels));
    return `${family.name}${suffix}${text === '' ? '' : `{${text}}`} ${value}\n`;
  });
  return format.head(family) + lines.join('');
}

function* infoText(states: readonly TargetSeries[], format: TextFormat): Generator<string> {
  const families = new Map<string, Family>();
  for (const layout of new Set(states.map((state) => state.layout))) {
    for (const { family } of layout.infos) families.set(family.name, family);
  }
  for (const family of families.values()) {
    const { name } = family;
    yield format.head(family);
    for (const { target, layout, infos } of states) {
      for (const [index, definition] of layout.infos.entries()) {
        const values = infos[index]?.current ?? null;
        if (definition.family.name !== name || values === null) continue;
        yield `${name}{${formatLabels(infoLabels(target, definition, values))}} 1\n`;
      }
    }
  }
}

function headFor(cache: Map<string, Map<SeriesDef, string>>, target: LabelledTarget, series: SeriesDef): string {
  const scope = headScope(target);
  const heads = cache.get(scope) ?? new Map<SeriesDef, string>();
  cache.set(scope, heads);
  let head = heads.get(series);
  if (head === undefined) {
    head = `${series.family.name}${series.suffix}{${formatLabels(headLabels(target, series))}`;
    heads.set(series, head);
  }
  return head;
}

/** With the comma before it, since a head is never empty. */
function tailOf(target: LabelledTarget): string {
  return tailLabels(target)
    .map((label) => `,${formatLabels([label])}`)
    .join('');
}

function familiesOf(states: readonly TargetSeries[]): Iterable<Family> {
  const families = new Map<string, Family>();
  for (const layout of new Set(states.map((state) => state.layout))) {
    for (const { family } of layout.series) families.set(family.name, family);
  }
  return families.values();
}

function formatLabels(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

/** A label value as the text format quotes it. */
export function escapeValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
