import type { Family } from './series.ts';

/** The two texts that a scrape may ask for. */
export interface TextFormat {
  contentType: string;
  /** The lines above the samples of a metric. */
  head(family: Family): string;
  /** Whether a sample may carry an exemplar. */
  exemplars: boolean;
  end: string;
}

/** Prometheus's own, the one for those who ask for nothing; Prometheus 3 refuses a target without a content type. */
export const PROMETHEUS_TEXT: TextFormat = {
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  head: ({ name, type, help }) => `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`,
  exemplars: false,
  end: '',
};

/** OpenMetrics 1.0: a counter's family is called without `_total`, and the end is said, so that a text cut short is seen as such. */
export const OPENMETRICS_TEXT: TextFormat = {
  contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  head({ name, type, help }) {
    const family = type === 'counter' ? name.replace(/_total$/, '') : name;
    return `# TYPE ${family} ${type}\n# HELP ${family} ${escapeHelp(help).replaceAll('"', '\\"')}\n`;
  },
  exemplars: true,
  end: '# EOF\n',
};

/** The format that an Accept header prefers (RFC 9110 12.5.1); OpenMetrics only where it is asked for by name. */
export function negotiateFormat(accept: string | undefined): TextFormat {
  const best = { openmetrics: 0, text: 0 };
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = parameters.find((text) => text.startsWith('q='))?.slice(2);
    const weight = quality === undefined ? 1 : Number(quality);
    const version = parameters.find((text) => text.startsWith('version='))?.slice(8);
    if (
      type === 'application/openmetrics-text' &&
      (version === undefined || version === '1.0.0' || version === '0.0.1')
    ) {
      best.openmetrics = Math.max(best.openmetrics, weight);
    } else if (['text/plain', 'text/*', '*/*'].includes(type)) best.text = Math.max(best.text, weight);
  }
  return best.openmetrics > 0 && best.openmetrics >= best.text ? OPENMETRICS_TEXT : PROMETHEUS_TEXT;
}

function escapeHelp(help: string): string {
  return help.replace(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
}

/** A bound as the value of `le`: with a fraction, as OpenMetrics has it and Prometheus 3 stores it, so that a series has one name. */
export function bucketLabel(bound: number): string {
  if (bound === Number.POSITIVE_INFINITY) return '+Inf';
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}

/** One sample of a metric with what led to it: a trace that a person can open. */
export interface Exemplar {
  traceId: string;
  value: number;
}

/** The end of a sample's line. */
export function exemplarText({ traceId, value }: Exemplar): string {
  return ` # {trace_id="${traceId}"} ${value}`;
}
