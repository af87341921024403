import type { TcpProbeSpec } from '../../../thresholds/model.ts';
import type { KindLayout } from '../../kind.ts';
import { failedDueToRegex } from '../../metrics/families.ts';
import { variantOf } from '../../metrics/variant.ts';
import type { ProbeTarget } from '../../target.ts';

/** The series of a tcp target. */
export function tcpLayout({ spec }: Pick<ProbeTarget<TcpProbeSpec>, 'spec'>): KindLayout {
  const { mustRefuse } = spec;
  const pattern = spec.dialogue.some(({ expectText }) => expectText !== null);
  return {
    variant: variantOf({ refuse: mustRefuse, pattern }),
    failures: [
      ...(mustRefuse ? ['accepted'] : []),
      'refused',
      'timeout',
      'dns',
      'protocol',
      ...(pattern ? ['content'] : []),
    ],
    series: () => (pattern ? [failedDueToRegex] : []),
  };
}
