import type { CatalogueDocument } from '../../document/document.ts';
import { parseDurationMs } from '../../units.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';

/** Routing: receivers and mute times exist, a system with alerts has a route, a file is a system or holds receivers. */
export function checkRouting(context: MeaningContext): void {
  const { document, pruned } = context.file;
  const anyPruned = context.all.some((file) => file.pruned);
  const known = context.all.flatMap((file) => Object.keys(file.document.receivers ?? {}));
  const named = [
    ...receiversNamed(document.routing, []),
    ...receiversNamed(document.operations?.routing, ['operations']),
    ...watchdogNamed(document),
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
  checkMuteTimes(context);
  const times = context.all.flatMap((file) => Object.keys(file.document.muteTimes ?? {}));
  for (const [name, path] of [
    ...timesNamed(document.routing, []),
    ...timesNamed(document.operations?.routing, ['operations']),
  ]) {
    if (times.includes(name) || anyPruned) continue;
    const near = suggest(name, times);
    context.report(
      path,
      `${name} is not a declared mute time`,
      near ? `did you mean ${near}?` : 'declare it under muteTimes:',
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

const WEEK_MS = 7 * 24 * 3_600_000;

/** Alerts wait for the end of a mute time, so it must have one. */
function checkMuteTimes({ file, report }: MeaningContext): void {
  for (const [name, windows] of Object.entries(file.document.muteTimes ?? {})) {
    const weekMs = windows.reduce((sum, window) => sum + (window.days?.length ?? 7) * parseDurationMs(window.for), 0);
    if (weekMs < WEEK_MS) continue;
    report(['muteTimes', name], `${name} lasts all week: nobody would ever be told`, 'leave some time in each week', {
      part: 'key',
    });
  }
}

function receiversNamed(routing: CatalogueDocument['routing'], above: Path): [string, Path][] {
  return [
    ...placed(routing?.receivers, [...above, 'routing', 'receivers']),
    ...placed(routing?.escalation, [...above, 'routing', 'escalation']),
    ...Object.entries(routing?.bySeverity ?? {}).flatMap(([severity, names]) =>
      placed(names, [...above, 'routing', 'bySeverity', severity]),
    ),
  ];
}

function watchdogNamed({ operations }: CatalogueDocument): [string, Path][] {
  if (operations?.watchdog === undefined) return [];
  return [[operations.watchdog.receiver, ['operations', 'watchdog', 'receiver']]];
}

function timesNamed(routing: CatalogueDocument['routing'], above: Path): [string, Path][] {
  return Object.entries(routing?.muteTimes ?? {}).flatMap(([severity, names]) =>
    placed(names, [...above, 'routing', 'muteTimes', severity]),
  );
}

function placed(names: readonly string[] | undefined, path: Path): [string, Path][] {
  return (names ?? []).map((name, index) => [name, [...path, index]]);
}
