import type { ProbeDocumentOf } from '../../document/probe.ts';
import type { PrometheusCheck } from '../../model.ts';
import type { ProbeLoader } from './loader.ts';

const CHECKS = ['query', 'targets', 'rules'] as const;

export const prometheusLoader: ProbeLoader<'prometheus'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'prometheus',
    pathPrefix: document.pathPrefix ?? '',
    check: resolveCheck(document),
  }),
  check(context, path, document) {
    const present = CHECKS.filter((check) => document[check] !== undefined);
    if (present.length === 1) return;
    context.report(
      [...path, 'kind'],
      `a prometheus probe needs exactly one of query, targets and rules, this one has ${present.join(' and ') || 'none'}`,
      'name further probes in probes:, each with one of them',
    );
  },
};

function resolveCheck({ query, targets, rules }: ProbeDocumentOf<'prometheus'>): PrometheusCheck {
  if (query !== undefined) {
    const { expr, above, below, equals, allowEmpty = false } = query;
    const condition = above !== undefined ? { above } : below !== undefined ? { below } : { equals: equals ?? 0 };
    return { what: 'query', expr, condition, allowEmpty };
  }
  if (rules !== undefined) return { what: 'rules', groups: rules.groups ?? [] };
  return { what: 'targets', jobs: targets?.jobs ?? [], atLeast: targets?.atLeast ?? null };
}
