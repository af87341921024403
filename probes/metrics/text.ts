import { headLabels, headScope, infoLabels, type LabelledTarget, tailLabels } from './labels.ts';
import type { ProbeRegistry, TargetSeries } from './registry.ts';
import type { Family, SeriesDef } from './series.ts';

/** Content type of the page; Prometheus 3 refuses a target without one. */
export const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * The page for those who pull, in pieces of a few kilobytes, so that ten thousand targets are never one string. Grouped by metric, as
 * the format asks.
 * @param own further lines of the process itself, complete with their HELP and TYPE.
 */
export function* renderText(registry: Pick<ProbeRegistry, 'all'>, own: readonly string[] = []): Generator<string> {
  const states = [...registry.all()];
  const tails = new Map<TargetSeries, string>(states.map((state) => [state, tailOf(state.target)]));
  const heads = new Map<string, Map<SeriesDef, string>>();
  let piece = '';
  for (const family of familiesOf(states)) {
    piece += `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
    for (const state of states) {
      const { layout, values, target } = state;
      for (let slot = 0; slot < layout.series.length; slot += 1) {
        const series = layout.series[slot] as SeriesDef;
        const value = values[slot] as number;
        if (series.family.name !== family.name || Number.isNaN(value)) continue;
        piece += `${headFor(heads, target, series)}${tails.get(state)}} ${value}\n`;
      }
      if (piece.length > 16_384) {
        yield piece;
        piece = '';
      }
    }
  }
  yield piece;
  yield* infoText(states);
  yield own.map((line) => `${line}\n`).join('');
}

function* infoText(states: readonly TargetSeries[]): Generator<string> {
  const families = new Map<string, Family>();
  for (const layout of new Set(states.map((state) => state.layout))) {
    for (const { family } of layout.infos) families.set(family.name, family);
  }
  for (const { name, type, help } of families.values()) {
    yield `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const { target, layout, infos } of states) {
      for (const [index, definition] of layout.infos.entries()) {
        const values = infos[index]?.current ?? null;
        if (definition.family.name !== name || values === null) continue;
        yield `${name}{${format(infoLabels(target, definition, values))}} 1\n`;
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
    head = `${series.family.name}${series.suffix}{${format(headLabels(target, series))}`;
    heads.set(series, head);
  }
  return head;
}

/** With the comma before it, since a head is never empty. */
function tailOf(target: LabelledTarget): string {
  return tailLabels(target)
    .map((label) => `,${format([label])}`)
    .join('');
}

function familiesOf(states: readonly TargetSeries[]): Iterable<Family> {
  const families = new Map<string, Family>();
  for (const layout of new Set(states.map((state) => state.layout))) {
    for (const { family } of layout.series) families.set(family.name, family);
  }
  return families.values();
}

function format(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

function escapeValue(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
