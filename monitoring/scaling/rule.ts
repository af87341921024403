import type { PlacedText, Rule } from '../audit/rule-file/model.ts';
import { templateProblem } from '../audit/rule-file/template.ts';
import type { Rule as WrittenRule } from '../rules.ts';
import { type ScaleContext, scaleRead } from './expression.ts';
import type { LinkedRule } from './links.ts';
import { scaleTemplate } from './template.ts';
import type { Refusal, ScaledRule } from './types.ts';

/** The clock of a rule: that of its expression, and the intervals at which it is evaluated in real time and in wall time. */
export interface RuleClock extends ScaleContext {
  intervalMs: number;
  wallIntervalMs: number;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A rule as the scaled file holds it, or why it cannot be in it. Names and labels are not touched. */
export function scaleRule(
  { rule, read }: Pick<LinkedRule, 'rule' | 'read'>,
  clock: RuleClock,
): { written: WrittenRule; notCompared: ScaledRule['notCompared'] } | { refused: Refusal } {
  const refused = unloadable(rule);
  if (refused !== null) return { refused };
  const scaled = scaleRead(read, clock);
  if ('refused' in scaled) return scaled;
  const notCompared: { key: string; reason: string }[] = [];
  const texts = (map: ReadonlyMap<string, PlacedText>) =>
    Object.fromEntries(
      [...map].map(([key, { text }]) => {
        // The labels of a recording rule are no templates.
        if (rule.kind === 'record') return [key, text];
        const template = scaleTemplate(text, clock);
        if (template.notCompared !== null) notCompared.push({ key, reason: template.notCompared });
        return [key, template.text];
      }),
    );
  const written = {
    [rule.kind]: rule.name,
    expr: scaled.expr,
    ...(rule.forMs === 0 ? {} : { for: `${scaledHoldMs(rule.forMs, clock)}ms` }),
    ...(rule.keepFiringForMs === 0 ? {} : { keep_firing_for: `${scaledHoldMs(rule.keepFiringForMs, clock)}ms` }),
    ...(rule.labels.size === 0 ? {} : { labels: texts(rule.labels) }),
    ...(rule.annotations.size === 0 ? {} : { annotations: texts(rule.annotations) }),
  };
  return { written, notCompared };
}

/** A hold on the faster clock: never more evaluations than in real time, which rounding to milliseconds could make of it. */
function scaledHoldMs(ms: number, { factor, intervalMs, wallIntervalMs }: RuleClock): number {
  const rounded = Math.max(1, Math.round(ms / factor));
  const evaluations = Math.ceil(ms / intervalMs);
  return wallIntervalMs * factor >= intervalMs + factor
    ? rounded
    : Math.min(rounded, Math.max(1, evaluations * wallIntervalMs));
}

/** What would keep Prometheus from loading the whole file. */
function unloadable({ kind, name, labels, annotations }: Rule): Refusal | null {
  if (kind === 'record' && !METRIC.test(name)) return { construct: 'record', reason: `${name} is not a metric name` };
  for (const [what, texts] of Object.entries({ label: labels, annotation: annotations })) {
    for (const [key, { text }] of texts) {
      if (!NAME.test(key)) return { construct: `${what} ${key}`, reason: 'has a name that Prometheus does not take' };
      const problem = kind === 'alert' ? templateProblem(text) : null;
      if (problem !== null) return { construct: `${what} ${key}`, reason: `is a wrong template: ${problem.rule}` };
    }
  }
  return null;
}
