import type { z } from 'zod';
import { CARD } from '../card.ts';
import type { condition } from '../document/condition.ts';
import type { Condition, Counted, Limit, Resource } from '../model.ts';
import { parseDurationMs, parseShare } from '../units.ts';

type ConditionDocument = z.infer<typeof condition>;
type ResourceDocument = Extract<ConditionDocument, { kind: 'utilisation' }>['of'][number];

/** A condition with its defaults. */
export function resolveCondition(condition: ConditionDocument): Condition {
  switch (condition.kind) {
    case 'target-down':
      return condition;
    case 'latency-quantile':
      return {
        kind: condition.kind,
        quantile: parseShare(condition.quantile ?? '95%'),
        ...duration(condition),
        metric: condition.metric ?? null,
      };
    case 'latency-mean':
      return { kind: condition.kind, ...duration(condition), metric: condition.metric ?? null };
    case 'latency-exceeded':
      return { kind: condition.kind, ...duration(condition), metric: condition.metric, by: condition.by ?? [] };
    case 'error-share':
      return {
        kind: condition.kind,
        above: parseShare(condition.above),
        windowMs: windowMs(condition),
        where: condition.where ?? '',
        minEvents: condition.minEvents ?? 0,
      };
    case 'errors-seen':
      return { ...condition, windowMs: windowMs(condition) };
    case 'threshold':
      return {
        kind: condition.kind,
        of:
          condition.expr === undefined
            ? { metric: condition.metric ?? '', where: condition.where ?? '', by: condition.by ?? [] }
            : { expr: condition.expr },
        unit: condition.unit,
        windowMs: condition.window === undefined ? 0 : parseDurationMs(condition.window),
        ...limit(condition.above, condition.below),
      };
    case 'share': {
      const share = (text: string | undefined) => (text === undefined ? undefined : parseShare(text));
      return {
        kind: condition.kind,
        part: counted(condition.part),
        of: condition.of.map(counted),
        windowMs: windowMs(condition),
        by: condition.by ?? [],
        minEvents: condition.minEvents ?? 0,
        ...limit(share(condition.above), share(condition.below)),
      };
    }
    case 'utilisation':
      return { kind: condition.kind, of: condition.of.map(resource), above: parseShare(condition.above) };
    case 'forecast':
      return {
        kind: condition.kind,
        metric: condition.metric,
        size: condition.size ?? null,
        where: condition.where ?? '',
        by: condition.by ?? [],
        withinMs: parseDurationMs(condition.within),
        windowMs: condition.window === undefined ? CARD.forecastWindowMs : parseDurationMs(condition.window),
        from: condition.from,
        ...limit(condition.above, condition.below),
      };
    case 'metric-missing':
      return { kind: condition.kind, metric: condition.metric, where: condition.where ?? '' };
  }
}

function duration({
  above,
  where,
  window,
}: {
  above: string;
  where?: string | undefined;
  window?: string | undefined;
}) {
  return { aboveMs: parseDurationMs(above), windowMs: windowMs({ window }), where: where ?? '' };
}

function windowMs({ window }: { window?: string | undefined }): number {
  return window === undefined ? CARD.alertWindowMs : parseDurationMs(window);
}

/** That exactly one of them is given is checked before. */
function limit(above: number | undefined, below: number | undefined): Limit {
  return above === undefined ? { breach: 'below', limit: below ?? 0 } : { breach: 'above', limit: above };
}

function counted({ metric, where }: { metric: string; where?: string | undefined }): Counted {
  return { metric, where: where ?? '' };
}

function resource({ used, free, size, where, by }: ResourceDocument): Resource {
  return {
    level: used === undefined ? { metric: free ?? '', means: 'free' } : { metric: used, means: 'used' },
    size,
    where: where ?? '',
    by: by ?? [],
  };
}
