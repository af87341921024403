import type { MatchOperator } from '../../../promql/ast.ts';
import { labelMatcher, printMatcher } from './matchers.ts';
import type { InhibitRule, LabelMatcher, RouteNode, Routing } from './routing.ts';

/** One small fault put into an Alertmanager file. */
export interface RoutingMutant {
  operator: 'route matcher' | 'continue' | 'receiver' | 'group_by' | 'inhibition';
  what: string;
  /** Where the changed part stands, from 1. */
  line: number;
  diff: readonly string[];
  routing: Routing;
}

const NEGATED: Readonly<Record<MatchOperator, MatchOperator>> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

/** Every mutant of the routes and inhibition rules, in the order of the file. */
export function routingMutants(routing: Routing): RoutingMutant[] {
  return [
    ...routeMutants(routing, routing.root, (root) => ({ ...routing, root }), true),
    ...routing.inhibitRules.flatMap((rule, index) =>
      inhibitMutants(rule, (changed) => ({
        ...routing,
        inhibitRules: routing.inhibitRules.flatMap((each, at) => (at !== index ? each : (changed ?? []))),
      })),
    ),
  ];
}

function routeMutants(
  routing: Routing,
  node: RouteNode,
  put: (changed: RouteNode) => Routing,
  isRoot: boolean,
): RoutingMutant[] {
  const mutant = (operator: RoutingMutant['operator'], what: string, changed: RouteNode): RoutingMutant => {
    return {
      operator,
      what,
      line: node.line,
      diff: diff(printRoute(node), printRoute(changed)),
      routing: put(changed),
    };
  };
  const matchers = isRoot ? [] : changedMatchers(node.matchers);
  const other = node.own.receiver ? routing.receivers.find((name) => name !== node.receiver) : undefined;
  return [
    ...matchers.map(([what, changed]) => mutant('route matcher', what, { ...node, matchers: changed })),
    ...(isRoot ? [] : [mutant('continue', `continue: ${!node.continue}`, { ...node, continue: !node.continue })]),
    ...(other === undefined
      ? []
      : [mutant('receiver', `receiver ${node.receiver} becomes ${other}`, handDown({ ...node, receiver: other }))]),
    ...(node.own.groupBy ? node.groupBy : []).map((label) =>
      mutant(
        'group_by',
        `group_by without ${label}`,
        handDown({ ...node, groupBy: node.groupBy.filter((each) => each !== label) }),
      ),
    ),
    ...node.routes.flatMap((child, index) =>
      routeMutants(
        routing,
        child,
        (changed) => put({ ...node, routes: node.routes.map((each, at) => (at === index ? changed : each)) }),
        false,
      ),
    ),
  ];
}

/** What a route has changed, the routes below it take over unless they say otherwise. */
function handDown(node: RouteNode): RouteNode {
  const { receiver, groupBy } = node;
  const routes = node.routes.map((child) =>
    handDown({
      ...child,
      ...(child.own.receiver ? {} : { receiver }),
      ...(child.own.groupBy ? {} : { groupBy }),
    }),
  );
  return { ...node, routes };
}

function inhibitMutants(rule: InhibitRule, put: (changed: InhibitRule | null) => Routing): RoutingMutant[] {
  const mutant = (what: string, changed: InhibitRule | null): RoutingMutant => {
    const after = changed === null ? [] : printInhibit(changed);
    return {
      operator: 'inhibition',
      what,
      line: rule.line,
      diff: diff(printInhibit(rule), after),
      routing: put(changed),
    };
  };
  const without = (side: 'source' | 'target') =>
    rule[side].map((matcher) =>
      mutant(`${side} without ${printMatcher(matcher)}`, {
        ...rule,
        [side]: rule[side].filter((each) => each !== matcher),
      }),
    );
  return [
    mutant('without the inhibition', null),
    ...rule.equal.map((label) =>
      mutant(`equal without ${label}`, { ...rule, equal: rule.equal.filter((each) => each !== label) }),
    ),
    ...without('source'),
    ...without('target'),
  ];
}

/** Each matcher with another value, left out, and turned round. */
function changedMatchers(matchers: readonly LabelMatcher[]): [what: string, changed: LabelMatcher[]][] {
  return matchers.flatMap((matcher, index) => {
    const put = (changed: LabelMatcher[]) => matchers.flatMap((each, at) => (at === index ? changed : [each]));
    const other = labelMatcher(matcher.label, matcher.op, `${matcher.value}-mutated`);
    const negated = { ...matcher, op: NEGATED[matcher.op] };
    return [
      [`${printMatcher(matcher)} becomes ${printMatcher(other)}`, put([other])],
      [`without ${printMatcher(matcher)}`, put([])],
      [`${printMatcher(matcher)} becomes ${printMatcher(negated)}`, put([negated])],
    ];
  });
}

function printRoute({ receiver, matchers, groupBy, ...route }: RouteNode): string[] {
  return [
    `matchers: [${matchers.map(printMatcher).join(', ')}]`,
    `receiver: ${receiver}`,
    `group_by: [${groupBy.join(', ')}]`,
    `continue: ${route.continue}`,
  ];
}

function printInhibit({ source, target, equal }: InhibitRule): string[] {
  return [
    `source_matchers: [${source.map(printMatcher).join(', ')}]`,
    `target_matchers: [${target.map(printMatcher).join(', ')}]`,
    `equal: [${equal.join(', ')}]`,
  ];
}

/** Lines that are there before or after only. */
function diff(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
