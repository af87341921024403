import type { ServiceDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

/** Reports a service whose `auth` is of a sort that the protocol of its probe has no place for. */
export function checkLogin(
  context: MeaningContext,
  probePath: Path,
  { auth }: ServiceDocument,
  sorts: readonly ('basic' | 'bearer')[],
): void {
  if (auth === undefined || sorts.some((sort) => sort in auth)) return;
  // `probe` and `probes.<name>` both stand in the service at `services, index`.
  const service = probePath.slice(0, 2);
  context.report(
    [...service, 'auth'],
    `the probe of this service logs in by ${sorts.join(' or ')}, not by ${Object.keys(auth).join(', ')}`,
    `use auth: { ${sorts[0]}: ... }`,
  );
}
