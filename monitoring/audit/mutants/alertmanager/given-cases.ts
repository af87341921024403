import { nameOf, type RoutingTest } from './cases.ts';
import { groupingOf, inhibits, receiversOf } from './evaluate.ts';
import type { Labels, Routing } from './routing.ts';

/** A case that people wrote: where an alert must go. */
export interface RouteCase {
  line: number;
  name: string | null;
  labels: Labels;
  receivers: readonly string[];
  groupBy: readonly string[] | null;
}

/** A pair that people wrote: whether one alert silences another. */
export interface InhibitionCase {
  line: number;
  name: string | null;
  source: Labels;
  target: Labels;
  inhibited: boolean;
}

/** Tests from cases that people wrote. Receivers and grouping labels are compared as sets. */
export function givenTests(
  routes: readonly RouteCase[],
  inhibitions: readonly InhibitionCase[],
): (RoutingTest & { line: number })[] {
  const same = (a: readonly string[], b: readonly string[]) =>
    [...new Set(a)].sort().join('\n') === [...new Set(b)].sort().join('\n');
  return [
    ...routes.flatMap(({ line, name, labels, receivers, groupBy }) => [
      {
        line,
        name: name ?? `receivers of ${nameOf(labels)}`,
        about: 'routes' as const,
        holds: (routing: Routing) => same(receiversOf(routing, labels), receivers),
      },
      ...(groupBy === null
        ? []
        : [
            {
              line,
              name: `${name ?? nameOf(labels)}: group_by`,
              about: 'grouping' as const,
              holds: (routing: Routing) => same(groupingOf(routing, labels), groupBy),
            },
          ]),
    ]),
    ...inhibitions.map(({ line, name, source, target, inhibited }) => ({
      line,
      name: name ?? `${nameOf(source)} ${inhibited ? 'silences' : 'leaves alone'} ${nameOf(target)}`,
      about: 'inhibition' as const,
      holds: (routing: Routing) => inhibits(routing, source, target) === inhibited,
    })),
  ];
}
