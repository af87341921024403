import { kindOf } from '../kinds.ts';
import type { ProbeTarget } from '../target.ts';
import { commonSeries } from './common.ts';
import type { Layout } from './series.ts';
import { variantOf } from './variant.ts';

/** Layouts of targets, each made once: ten thousand targets share a handful. */
export function layoutCache(): (target: Pick<ProbeTarget, 'spec' | 'url' | 'maintenance'>) => Layout {
  const layouts = new Map<string, Layout>();
  return (target) => {
    const { kind, degradedAboveMs } = target.spec;
    const { variant, failures, series, infos } = kindOf(target.spec).layout(target);
    const degrades = degradedAboveMs !== null;
    const planned = target.maintenance.length > 0;
    const id = `${kind}${variantOf({ degrades, planned })}${variant}`;
    const layout = layouts.get(id) ?? {
      id,
      series: [...commonSeries({ failures, degrades, planned }), ...series()],
      infos: infos?.() ?? [],
    };
    layouts.set(id, layout);
    return layout;
  };
}
