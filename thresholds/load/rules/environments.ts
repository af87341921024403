import { ADDRESS_PATTERN, ADDRESS_RULE } from '../../document/service.ts';
import type { MeaningContext } from '../meaning.ts';
import { suggest } from '../suggest.ts';

/** Environments: the chosen one exists, overlays name services of this system and give real addresses. */
export function checkEnvironments(context: MeaningContext): void {
  const { document, pruned } = context.file;
  if (document.system === undefined) return;
  const names = (document.services ?? []).map((service) => service.id);
  const declared = document.environment ?? 'sim';
  if (context.environment !== declared && document.environments?.[context.environment] === undefined) {
    const known = [declared, ...Object.keys(document.environments ?? {})];
    context.report(
      ['system'],
      `there is no environment ${context.environment} here`,
      `choose one of ${known.join(', ')}, or add it under environments:`,
    );
  }
  for (const [environment, overlays] of Object.entries(document.environments ?? {})) {
    for (const [service, overlay] of Object.entries(overlays)) {
      const path = ['environments', environment, service];
      if (!names.includes(service) && !pruned) {
        const near = suggest(service, names);
        context.report(
          path,
          `${service} is not a service of this system`,
          near ? `did you mean ${near}?` : 'remove it',
          { part: 'key' },
        );
      }
      // Variables of the other environments are not filled in, so only the chosen one has an address to check.
      if (
        environment === context.environment &&
        overlay.address !== undefined &&
        !ADDRESS_PATTERN.test(overlay.address)
      ) {
        context.report([...path, 'address'], ADDRESS_RULE, 'write a full address');
      }
    }
  }
}
