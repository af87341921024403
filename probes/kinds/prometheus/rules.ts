import { z } from 'zod';
import type { RulesCheck } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { PrometheusFacts } from './facts.ts';

/** Data of `/api/v1/rules`. */
export const rulesData = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({ name: z.string(), health: z.enum(['ok', 'err', 'unknown']), lastError: z.string().optional() }),
      ),
    }),
  ),
});

/**
 * Judges the rules.
 * @throws ProbeFailure `empty` when a group or all rules are missing, `rule-error` when one was not evaluated well, `not-ready` while
 * none was evaluated.
 */
export function expectRules({ groups }: z.output<typeof rulesData>, check: RulesCheck, facts: PrometheusFacts): void {
  const all = groups.flatMap(({ name: group, rules }) => rules.map((rule) => ({ ...rule, group })));
  const inHealth = (health: 'ok' | 'err' | 'unknown') => all.filter((rule) => rule.health === health);
  const wrong = inHealth('err');
  facts.rules = { ok: inHealth('ok').length, err: wrong.length, unknown: inHealth('unknown').length };
  const [first] = wrong;
  if (first !== undefined) {
    const others = wrong.length > 1 ? `, and ${wrong.length - 1} more` : '';
    const error = first.lastError?.slice(0, 200) ?? '';
    throw new ProbeFailure('rule-error', `${first.group}/${first.name}: ${error}${others}`);
  }
  const missing = check.groups.filter((name) => !groups.some((group) => group.name === name && group.rules.length > 0));
  if (missing.length > 0) throw new ProbeFailure('empty', `no rules in group ${missing.join(', ')}`);
  if (all.length === 0) throw new ProbeFailure('empty', 'it has no rules');
  if (facts.rules.ok === 0) throw new ProbeFailure('not-ready', 'no rule was evaluated yet');
}
