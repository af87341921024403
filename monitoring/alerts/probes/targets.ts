import type { ProbeKindName, ProbeSpec, ProbeSpecOf, Service, System } from '../../../thresholds/model.ts';
import { LABEL } from '../../../thresholds/names.ts';
import { quote } from '../../promql/text.ts';

/** One probe of a service, under the label `target` that its series carry. */
export interface Probed<Spec extends ProbeSpec = ProbeSpec> {
  target: string;
  service: Service;
  spec: Spec;
}

/** The labels that a probe's alert keeps: locations and instances of probers are joined. */
export const BY_TARGET = `by (${LABEL.system}, ${LABEL.service}, ${LABEL.environment}, ${LABEL.target})`;

/** Every probe of a system. */
export function probedTargets({ services }: System): Probed[] {
  return services.flatMap((service) => [
    { target: service.target, service, spec: service.probe },
    ...[...service.furtherProbes].map(([name, spec]) => ({ target: `${service.target}/${name}`, service, spec })),
  ]);
}

/** Those of one kind. */
export function targetsOfKind<Kind extends ProbeKindName>(system: System, kind: Kind): Probed<ProbeSpecOf<Kind>>[] {
  return probedTargets(system).filter((one): one is Probed<ProbeSpecOf<Kind>> => one.spec.kind === kind);
}

/** Keeps to one target of its system. */
export function targetMatchers({ target, service }: Probed): string[] {
  return [
    `${LABEL.system}=${quote(service.system)}`,
    `${LABEL.service}=${quote(service.id)}`,
    `${LABEL.target}=${quote(target)}`,
  ];
}

/** The matcher of a whole system. */
export function systemMatcher({ id }: System): string {
  return `${LABEL.system}=${quote(id)}`;
}
