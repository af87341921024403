/** Labels of a series, `__name__` included where the query keeps it. */
export type Labels = Readonly<Record<string, string>>;

/** A value at a moment; `timeSeconds` is Unix time with milliseconds as fraction, `value` may be NaN or infinite. */
export interface Point {
  readonly timeSeconds: number;
  readonly value: number;
}

/** One element of an instant vector. A scalar is one with no labels. */
export interface Sample extends Point {
  readonly labels: Labels;
}

/** One series of a range query, oldest point first. */
export interface Series {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

export type AlertState = 'inactive' | 'pending' | 'firing' | 'unknown';

/** An alert as Prometheus sees it now: one per label set, only while pending or firing. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly state: 'pending' | 'firing';
  /** When the condition became true, RFC 3339. */
  readonly activeAt: string;
  readonly value: number;
}

export interface Rule {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  readonly query: string;
  /** "unknown" before its first evaluation. */
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError: string;
  /** Alerting rules only. */
  readonly state: AlertState | undefined;
  readonly alerts: readonly ActiveAlert[];
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly intervalSeconds: number;
  readonly rules: readonly Rule[];
}

export interface Target {
  readonly labels: Labels;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  /** "unknown" before its first scrape. */
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

/** A query that Prometheus refused: it is wrong, and will be wrong again. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly query: string;

  constructor(query: string, reason: string) {
    super(`${reason} in: ${query}`);
    this.query = query;
  }
}

/** A number as Prometheus writes it: "1.5", "NaN", "+Inf", "-Inf". */
export function parseNumber(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

/** An alert of `/api/v1/alerts` or `/api/v1/rules`. */
export function parseAlert(raw: RawAlert): ActiveAlert {
  return { ...raw, value: parseNumber(raw.value) };
}

export type RawAlert = Omit<ActiveAlert, 'value'> & { readonly value: string };
export type RawPoint = readonly [number, string];

export function parsePoint([timeSeconds, value]: RawPoint): Point {
  return { timeSeconds, value: parseNumber(value) };
}
