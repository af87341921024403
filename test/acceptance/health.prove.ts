import { expect, test } from 'vitest';
import { deriveAlertGroups } from '../../monitoring/alerts/groups.ts';
import { WATCHDOG_ALERT } from '../../thresholds/names.ts';
import { CATALOGUE } from '../monitoring/dashboards/built-in.ts';
import { startCli, until } from './support.ts';

/** Groups that are evaluated at least this often have had their turn, several times, when the test looks. */
const SEEN_INTERVAL_MS = 60_000;
const DEADLINE_MS = 200_000;

interface RuleState {
  name: string;
  health: 'ok' | 'err' | 'unknown';
  lastError?: string;
  state?: 'inactive' | 'pending' | 'firing';
}

interface GroupState {
  name: string;
  interval: number;
  lastEvaluation: string;
  rules: RuleState[];
}

/** Waits until every group that is to be seen was evaluated a minute after the first. */
async function settled(prometheus: string, signal: AbortSignal): Promise<GroupState[]> {
  const from = Date.now() + SEEN_INTERVAL_MS;
  for (;;) {
    const answer = (await (await fetch(`${prometheus}/api/v1/rules`, { signal })).json()) as {
      data: { groups: GroupState[] };
    };
    const seen = answer.data.groups.filter(({ interval }) => interval * 1_000 <= SEEN_INTERVAL_MS);
    if (seen.length > 0 && seen.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > from)) return seen;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

test(
  'while all is well every rule can be evaluated, and nothing fires but the alert that always does',
  async () => {
    const running = startCli(['up', '--json'], { deadlineMs: DEADLINE_MS });
    await until('up', () => running.stderr().includes('up; Ctrl-C ends it'), { running });
    const { prometheus } = JSON.parse(running.stdout()) as { prometheus: string };
    const groups = await settled(prometheus, AbortSignal.timeout(DEADLINE_MS - 20_000));
    process.kill(-running.pid, 'SIGINT');
    await running.exited;

    const expected = deriveAlertGroups(CATALOGUE).filter(({ intervalMs }) => (intervalMs ?? 0) <= SEEN_INTERVAL_MS);
    expect(groups.map(({ name }) => name).sort()).toEqual(expected.map(({ name }) => name).sort());
    const rules = groups.flatMap(({ name, rules }) => rules.map((rule) => ({ group: name, ...rule })));
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(rules.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([WATCHDOG_ALERT]);
  },
  DEADLINE_MS,
);
