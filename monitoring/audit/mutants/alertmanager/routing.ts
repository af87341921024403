import type { MatchOperator } from '../../../promql/ast.ts';

/** Labels of an alert as Alertmanager gets it. */
export type Labels = Readonly<Record<string, string>>;

export interface LabelMatcher {
  readonly label: string;
  readonly op: MatchOperator;
  readonly value: string;
  /** The value as a pattern; null for plain values, and for patterns that cannot be compiled. */
  readonly pattern: RegExp | null;
}

/** A route with what it takes over from its parent filled in. */
export interface RouteNode {
  /** The line of the file, from 1, on which it begins. */
  readonly line: number;
  readonly receiver: string;
  readonly matchers: readonly LabelMatcher[];
  readonly continue: boolean;
  readonly groupBy: readonly string[];
  /** What is written at the route itself and not taken over. */
  readonly own: { readonly receiver: boolean; readonly groupBy: boolean };
  readonly routes: readonly RouteNode[];
}

export interface InhibitRule {
  readonly line: number;
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

/** What an Alertmanager file says of who is told what. */
export interface Routing {
  readonly path: string;
  readonly root: RouteNode;
  readonly inhibitRules: readonly InhibitRule[];
  readonly receivers: readonly string[];
}

/** The route itself and all below it, in the order of the file. */
export function* allRoutes(node: RouteNode): Generator<RouteNode> {
  yield node;
  for (const child of node.routes) yield* allRoutes(child);
}
