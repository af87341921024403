import type { ProbeBase } from './base.ts';

export interface PrometheusProbeSpec extends ProbeBase {
  kind: 'prometheus';
  /** Path before `/api/v1`, without a slash at its end: the `--web.external-url` of the server. */
  pathPrefix: string;
  check: PrometheusCheck;
}

export type PrometheusCheck = QueryCheck | TargetsCheck | RulesCheck;

/** The value of an expression. Of several series each must hold. */
export interface QueryCheck {
  what: 'query';
  expr: string;
  condition: { above: number } | { below: number } | { equals: number };
  /** Whether no series at all will do. */
  allowEmpty: boolean;
}

/** The targets that it scrapes. */
export interface TargetsCheck {
  what: 'targets';
  /** Only these jobs, each of which must exist; empty for all targets. */
  jobs: string[];
  /** Fewest that must be up; null for all of them. */
  atLeast: number | null;
}

/** The rules that it evaluates: none may have an error. */
export interface RulesCheck {
  what: 'rules';
  /** Groups that must be there. */
  groups: string[];
}
