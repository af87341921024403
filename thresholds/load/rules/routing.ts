import type { CatalogueDocument } from '../../document/document.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';

/** Routing: receivers exist, a system with alerts has a route, a file is a system or holds receivers. */
export function checkRouting(context: MeaningContext): void {
  const { document, pruned } = context.file;
  const anyPruned = context.all.some((file) => file.pruned);
  const known = context.all.flatMap((file) => Object.keys(file.document.receivers ?? {}));
  const named = [
    ...receiversNamed(document.routing, []),
    ...receiversNamed(document.operations?.routing, ['operations']),
  ];
  for (const [name, path] of named) {
    if (known.includes(name) || anyPruned) continue;
    const near = suggest(name, known);
    context.report(
      path,
      `${name} is not a declared receiver`,
      near ? `did you mean ${near}?` : 'declare it under receivers:',
    );
  }
  if (pruned) return;
  if ((document.alerts?.length ?? 0) > 0 && document.routing === undefined) {
    context.report(['alerts'], 'alerts without routing reach nobody', 'add routing: { receivers: [...] }', {
      part: 'key',
    });
  }
  if (document.system !== undefined && document.services === undefined) {
    context.report(['system'], 'a system without services promises nothing', 'add services:');
  }
  if (document.system === undefined && document.receivers === undefined) {
    context.report([], 'the file declares neither a system nor receivers', 'add system: and services:');
  }
  if (document.system === undefined && (document.services !== undefined || document.alerts !== undefined)) {
    context.report([], 'services and alerts belong to a system', 'add system: NAME');
  }
}

function receiversNamed(routing: CatalogueDocument['routing'], above: Path): [string, Path][] {
  const bySeverity = Object.entries(routing?.bySeverity ?? {});
  return [
    ...(routing?.receivers ?? []).map((name, index): [string, Path] => [
      name,
      [...above, 'routing', 'receivers', index],
    ]),
    ...bySeverity.flatMap(([severity, names]) =>
      names.map((name, index): [string, Path] => [name, [...above, 'routing', 'bySeverity', severity, index]]),
    ),
  ];
}
