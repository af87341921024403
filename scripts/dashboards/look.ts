import { selectors } from '../../monitoring/audit/analysis/expression.ts';
import { interpolate, unresolved } from '../../monitoring/dashboards/interpolate.ts';
import { parsePromql } from '../../monitoring/promql/parse.ts';
import { QueryError } from '../stack/prometheus-api.ts';
import type { PrometheusClient } from '../stack/prometheus-client.ts';
import type { PanelQuery } from './panel-query.ts';
import { type Course, type Sight, seriesKey, sightOf } from './sight.ts';
import { type LabelValues, resolveVariables, type Times } from './variables.ts';

/** Times at which Grafana would ask: a narrow range, so that a short run sees what a long one would. */
export const TIMES: Times = { stepMs: 2_000, scrapeIntervalMs: 1_000, rangeMs: 10_000 };

export interface Look {
  sight: Sight | 'error';
  /** What is wrong; empty when nothing is. */
  problem: string;
}

/** Runs queries of panels on a Prometheus, as Grafana would. */
export class Onlooker {
  readonly #prometheus: PrometheusClient;
  readonly #labelValues: LabelValues;

  constructor(prometheus: PrometheusClient, labelValues: LabelValues) {
    this.#prometheus = prometheus;
    this.#labelValues = labelValues;
  }

  /** What the panel would show of this query now. */
  async look(query: PanelQuery): Promise<Look> {
    if (query.expr.trim() === '') return { sight: 'error', problem: 'the panel has no such query' };
    const { expr, problems } = await this.#filled(query);
    if (problems.length > 0) return { sight: 'error', problem: problems.join('; ') };
    try {
      const values = query.instant
        ? (await this.#prometheus.query(expr)).map(({ value }) => value)
        : [...(await this.#course(expr, TIMES.rangeMs)).values()].flat();
      const sight = sightOf(values);
      if (sight !== 'data') return { sight, problem: `${sight}: ${expr}` };
      const silent = query.emptyWhenHealthy === null ? await this.#silentSelectors(expr) : [];
      return { sight, problem: silent.map((selector) => `no series: ${selector}`).join('; ') };
    } catch (error) {
      if (error instanceof QueryError) return { sight: 'error', problem: error.message };
      throw error;
    }
  }

  /** The values of the latest time, also of queries that a panel asks for the present only. */
  async course(query: PanelQuery, spanMs: number): Promise<Course> {
    const { expr } = await this.#filled(query);
    try {
      return await this.#course(expr, spanMs);
    } catch (error) {
      if (error instanceof QueryError) return new Map();
      throw error;
    }
  }

  /** Parts of a query that match no series: another part of it may hide that. */
  async #silentSelectors(expr: string): Promise<string[]> {
    const parsed = parsePromql(expr);
    const texts = parsed.ok ? selectors(parsed.expr).map(({ from, to }) => expr.slice(from, to)) : [];
    const counts = await Promise.all(
      [...new Set(texts)].map(async (text) => ({ text, found: await this.#prometheus.query(`count(${text})`) })),
    );
    return counts.filter(({ found }) => found.length === 0).map(({ text }) => text);
  }

  async #course(expr: string, spanMs: number): Promise<Course> {
    const endSeconds = Date.now() / 1_000;
    const series = await this.#prometheus.queryRange(expr, {
      startSeconds: endSeconds - spanMs / 1_000,
      endSeconds,
      stepSeconds: TIMES.stepMs / 1_000,
    });
    return new Map(series.map(({ labels, points }) => [seriesKey(labels), points.map(({ value }) => value)]));
  }

  async #filled({ expr, variables }: PanelQuery): Promise<{ expr: string; problems: string[] }> {
    const { values, problems } = await resolveVariables(variables, TIMES, this.#labelValues);
    const around = { ...TIMES, values };
    const open = unresolved(expr, around).map((name) => `${name} is no variable of the dashboard`);
    return { expr: interpolate(expr, around), problems: [...problems, ...open] };
  }
}
