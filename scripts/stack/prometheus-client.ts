import { HarnessError } from '../process/harness-error.ts';
import {
  type ActiveAlert,
  type Labels,
  parseAlert,
  parsePoint,
  QueryError,
  type RawAlert,
  type RawPoint,
  type RuleGroup,
  type Sample,
  type Series,
  type Target,
} from './prometheus-api.ts';

export interface RangeOptions {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
}

interface RawSeries {
  readonly metric: Labels;
  readonly value?: RawPoint;
  readonly values?: readonly RawPoint[];
  readonly histogram?: unknown;
  readonly histograms?: unknown;
}

interface RawTarget {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: Target['health'];
  readonly lastError: string;
}

interface RawGroup {
  readonly name: string;
  readonly file: string;
  readonly interval: number;
  readonly rules: readonly (Omit<RuleGroup['rules'][number], 'lastError' | 'alerts' | 'state'> & {
    readonly lastError?: string;
    readonly state?: 'inactive' | 'pending' | 'firing' | 'unknown';
    readonly alerts?: readonly RawAlert[];
  })[];
}

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Prometheus's HTTP API. Every call has a deadline. A wrong query is a {@link QueryError}; a Prometheus that does not
 * answer, or answers with a fault of its own, is a {@link HarnessError}.
 */
export class PrometheusClient {
  readonly url: string;
  readonly #timeoutMs: number;

  /** `url` without a path at its end, such as "http://127.0.0.1:9090". */
  constructor(url: string, { timeoutMs = DEFAULT_TIMEOUT_MS }: { readonly timeoutMs?: number } = {}) {
    this.url = url.replace(/\/$/, '');
    this.#timeoutMs = timeoutMs;
  }

  /** An instant query that gives a vector or a scalar, at `timeSeconds` (Unix time) or now. */
  async query(promql: string, timeSeconds?: number): Promise<Sample[]> {
    const { resultType, result } = await this.#evaluate(promql, timeSeconds);
    if (resultType === 'scalar') return [{ labels: {}, ...parsePoint(result as unknown as RawPoint) }];
    if (resultType !== 'vector') throw new QueryError(promql, `gives a ${resultType}, a vector is expected`);
    return result.map(({ metric, value }) => {
      if (value === undefined) throw nativeHistogram(promql);
      return { labels: metric, ...parsePoint(value) };
    });
  }

  /** An instant query for a range vector such as `ALERTS{alertname="X"}[5m]`: the raw samples with their own times. */
  async queryRaw(promql: string, timeSeconds?: number): Promise<Series[]> {
    const { resultType, result } = await this.#evaluate(promql, timeSeconds);
    if (resultType !== 'matrix') throw new QueryError(promql, `gives a ${resultType}, a range vector is expected`);
    return toSeries(promql, result);
  }

  /** The query evaluated at each step from start to end. */
  async queryRange(promql: string, { startSeconds, endSeconds, stepSeconds }: RangeOptions): Promise<Series[]> {
    const range = { start: String(startSeconds), end: String(endSeconds), step: String(stepSeconds) };
    const data = await this.#get<{ result: RawSeries[] }>('query_range', { query: promql, ...range });
    return toSeries(promql, data.result);
  }

  async rules(): Promise<RuleGroup[]> {
    const { groups } = await this.#get<{ groups: RawGroup[] }>('rules');
    return groups.map(({ interval, rules, ...group }) => ({
      ...group,
      intervalSeconds: interval,
      rules: rules.map(({ lastError = '', state, alerts = [], ...rule }) => {
        return { ...rule, lastError, state, alerts: alerts.map(parseAlert) };
      }),
    }));
  }

  /** The values of a label among the series of a selector, sorted. */
  labelValues(label: string, selector: string): Promise<string[]> {
    return this.#get(`label/${label}/values`, { 'match[]': selector });
  }

  /** The alerts that are pending or firing now. */
  async alerts(): Promise<ActiveAlert[]> {
    const { alerts } = await this.#get<{ alerts: RawAlert[] }>('alerts');
    return alerts.map(parseAlert);
  }

  /** How many Alertmanagers alerts are sent to now. */
  async activeAlertmanagers(): Promise<number> {
    const { activeAlertmanagers } = await this.#get<{ activeAlertmanagers: unknown[] }>('alertmanagers');
    return activeAlertmanagers.length;
  }

  /** The targets that are scraped. */
  async targets(): Promise<Target[]> {
    const { activeTargets } = await this.#get<{ activeTargets: RawTarget[] }>('targets', { state: 'active' });
    return activeTargets.map(({ labels, scrapePool, scrapeUrl, health, lastError }) => {
      return { labels, scrapePool, scrapeUrl, health, lastError };
    });
  }

  #evaluate(promql: string, timeSeconds?: number): Promise<{ resultType: string; result: RawSeries[] }> {
    const time = timeSeconds === undefined ? {} : { time: String(timeSeconds) };
    return this.#get('query', { query: promql, ...time });
  }

  async #get<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const address = `${this.url}/api/v1/${path}`;
    let status: number;
    let body: { status?: string; data?: T; error?: string };
    try {
      // Queries go by POST: generated ones grow longer than a URL may be.
      const post = parameters.query !== undefined;
      const encoded = new URLSearchParams(parameters);
      const response = await fetch(post ? address : `${address}?${encoded}`, {
        ...(post ? { method: 'POST', body: encoded } : {}),
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      status = response.status;
      body = (await response.json()) as typeof body;
    } catch (error) {
      throw new HarnessError('Prometheus did not answer', { reason: `${address}: ${explain(error)}`, cause: error });
    }
    if (body.status === 'success' && body.data !== undefined) return body.data;
    const reason = body.error ?? `HTTP ${status}`;
    const { query } = parameters;
    if (query !== undefined && (status === 400 || status === 422)) throw new QueryError(query, reason);
    throw new HarnessError('Prometheus answered with an error', { reason: `${address}: ${reason}` });
  }
}

function toSeries(promql: string, result: readonly RawSeries[]): Series[] {
  return result.map(({ metric, values = [], histograms }) => {
    if (histograms !== undefined) throw nativeHistogram(promql);
    return { labels: metric, points: values.map(parsePoint) };
  });
}

function nativeHistogram(promql: string): QueryError {
  return new QueryError(promql, 'gives native histograms, not numbers: use histogram_quantile() or histogram_count()');
}

/** fetch hides what happened in its cause: "fetch failed" alone tells nothing. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
