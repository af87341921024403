import type { LlmProbeSpec } from '../../../thresholds/model.ts';
import { GEN_AI_LABEL, LLM_METRIC, PROBE_METRIC } from '../../../thresholds/names.ts';
import type { KindLayout } from '../../kind.ts';
import { earliestCertificateExpiry } from '../../metrics/families.ts';
import { type Family, gauge, type SeriesDef } from '../../metrics/series.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';
import { budgetSeries } from './budget-series.ts';
import { generationSeries } from './generation-series.ts';

const family = (name: string, help: string): Family => ({ name, type: 'gauge', help });

const STATUS = family(PROBE_METRIC.httpStatusCode, 'Status of the last answer; 0 without one.');
const ANSWERED_BY = family(LLM_METRIC.answeredBy, 'Whether this provider gave the last answer.');

/** The series of an llm target: at most forty, unless the catalogue asks for histograms on top. */
export function llmLayout({ spec, url }: Pick<ProbeTarget<LlmProbeSpec>, 'spec' | 'url'>): KindLayout {
  const tls = url.startsWith('https:');
  return {
    // Label values and bounds are part of the layout: those who differ in one must not share it.
    variant: `${variantOf({ [spec.tier]: true, tls })}+${JSON.stringify(shape(spec))}`,
    failures: ['refused', 'timeout', 'dns', ...(tls ? ['tls'] : []), 'status', 'content', 'protocol', 'auth', 'quota'],
    series: () => [...seriesOf(spec), ...(tls ? [earliestCertificateExpiry] : [])],
  };
}

function seriesOf(spec: LlmProbeSpec): SeriesDef[] {
  switch (spec.tier) {
    case 'reachability': {
      const labels = { [GEN_AI_LABEL.provider]: spec.provider, [GEN_AI_LABEL.model]: spec.model };
      return [
        gauge(STATUS, ({ result }) => result.facts.status ?? 0),
        ...(spec.budget === null ? [] : budgetSeries(spec.budget, labels)),
      ];
    }
    case 'generation':
      return generationSeries(spec);
    case 'route':
      return [
        ...Object.keys(spec.providers).map((provider) =>
          gauge(ANSWERED_BY, ({ result }) => (result.facts.llm?.answeredBy === provider ? 1 : 0), {
            [GEN_AI_LABEL.provider]: provider,
          }),
        ),
        ...budgetSeries(spec.budget, {}),
      ];
  }
}

/** What of a spec its series depend on. */
function shape(spec: LlmProbeSpec): unknown[] {
  switch (spec.tier) {
    case 'reachability':
      return [spec.provider, spec.model, spec.budget?.usdPerDay];
    case 'generation':
      return [spec.api, spec.provider, spec.model, spec.firstTokenWithinMs, spec.histograms];
    case 'route':
      return [Object.keys(spec.providers), spec.budget.usdPerDay];
  }
}
