import { CARD } from '../../card.ts';
import type { ProbeKindName } from '../../model.ts';
import type { MeaningContext } from '../meaning.ts';
import type { ProbeLoader } from '../probe/loader.ts';
import { PROBE_LOADERS } from '../probe-loaders.ts';
import { checkProbeTiming } from './probe-timing.ts';

/** Probes: what each kind asks of its own settings. */
export function checkProbes(context: MeaningContext): void {
  for (const [index, service] of (context.file.document.services ?? []).entries()) {
    const probes = [
      ...(service.probe === undefined ? [] : [{ probe: service.probe, path: ['services', index, 'probe'] }]),
      ...Object.entries(service.probes ?? {}).map(([name, probe]) => ({
        probe,
        path: ['services', index, 'probes', name],
      })),
    ];
    for (const { probe, path } of probes) {
      const loader = PROBE_LOADERS[probe.kind] as ProbeLoader<ProbeKindName>;
      checkProbeTiming(context, path, probe, CARD.probe);
      loader.check(context, path, probe, service);
    }
  }
}
