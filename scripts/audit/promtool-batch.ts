import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seriesName, seriesValues } from '../../monitoring/audit/witness/series-text.ts';
import type { AlertRule, RecordingRule, WitnessSeries } from '../../monitoring/audit/witness/types.ts';
import { quoteString } from '../../monitoring/promql/literals.ts';
import { printDuration } from '../../monitoring/promql/print.ts';
import { runCommand } from '../process/run-command.ts';
import { promtoolEnvironment, promtoolFolder } from './promtool-folder.ts';
import { readBatch, refusals, TRIAL_LABEL, type TrialResult } from './promtool-output.ts';

/** One input for one rule: what does the alert do with it, up to `endMs`? */
export interface Trial {
  /** Unlike that of every other trial of a batch; letters, digits, `.` and `-`. */
  readonly id: string;
  readonly series: readonly WitnessSeries[];
  readonly intervalMs: number;
  readonly evaluationMs: number;
  readonly endMs: number;
  /** Whether the labels and annotations of what fires at the end are wanted. */
  readonly labels: boolean;
}

/** The trials of one rule. */
export interface TrialFile {
  readonly rule: Pick<AlertRule, 'alert' | 'expr' | 'forMs' | 'keepFiringForMs' | 'labels' | 'annotations'>;
  readonly recordingRules: readonly RecordingRule[];
  readonly trials: readonly Trial[];
}

export interface BatchOptions {
  /** Path of promtool. */
  readonly promtool: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a batch told. */
export interface BatchResult {
  readonly trials: ReadonlyMap<string, TrialResult>;
  /** Rules that promtool cannot load, with its reason. */
  readonly refused: ReadonlyMap<TrialFile['rule'], string>;
}

/**
 * Runs trials in one promtool process. Every trial prints how often the alert fired, so that silence is never mistaken for success; a
 * trial that is missing in the result could not be run.
 */
export async function runBatch(
  files: readonly TrialFile[],
  { promtool, timeoutMs, signal }: BatchOptions,
): Promise<BatchResult> {
  const folder = await promtoolFolder();
  try {
    const names: string[] = [];
    for (const [index, file] of files.entries()) {
      // Annotations are worked out for each alert at each evaluation: only where somebody reads them.
      for (const labels of [true, false]) {
        const trials = file.trials.filter((trial) => trial.labels === labels);
        if (trials.length === 0) continue;
        const rules = labels ? `r${index}.json` : `r${index}.bare.json`;
        await writeFile(join(folder, rules), JSON.stringify(ruleFile(file, labels)));
        // The evaluation interval belongs to the file, so trials with another one need a file of their own.
        const byInterval = Map.groupBy(trials, ({ evaluationMs }) => evaluationMs);
        for (const [evaluationMs, members] of byInterval) {
          const name = `t${index}-${evaluationMs}${labels ? '' : '.bare'}.json`;
          const content = testFile(rules, file.rule.alert, evaluationMs, members);
          await writeFile(join(folder, name), JSON.stringify(content));
          names.push(name);
        }
      }
    }
    const result = await runCommand(promtool, ['test', 'rules', ...names], {
      cwd: folder,
      env: promtoolEnvironment(folder),
      timeoutMs,
      signal,
    });
    const refused = new Map(
      [...refusals(result.output)].flatMap(([index, reason]) =>
        files[index] === undefined ? [] : [[files[index].rule, reason] as const],
      ),
    );
    return { trials: readBatch(result.output), refused };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A rule file with one alert, behind the recording rules that it needs. */
function ruleFile({ rule, recordingRules }: TrialFile, annotated: boolean): unknown {
  const { alert, expr, forMs, keepFiringForMs, labels, annotations } = rule;
  const recorded = recordingRules.map(({ record, expr: source, labels: fixed }) => ({
    record,
    expr: source,
    labels: fixed,
  }));
  const alerting = {
    alert,
    expr,
    ...(forMs > 0 ? { for: printDuration(forMs) } : {}),
    ...(keepFiringForMs > 0 ? { keep_firing_for: printDuration(keepFiringForMs) } : {}),
    labels,
    ...(annotated ? { annotations } : {}),
  };
  return { groups: [{ name: 'audit', rules: [...recorded, alerting] }] };
}

function testFile(rules: string, alert: string, evaluationMs: number, trials: readonly Trial[]): unknown {
  return {
    rule_files: [rules],
    evaluation_interval: printDuration(evaluationMs),
    tests: trials.map(({ id, series, intervalMs, endMs, labels }) => ({
      name: id,
      interval: printDuration(intervalMs),
      input_series: series.map((one) => ({
        series: seriesName(one),
        values: seriesValues(one.segments, intervalMs, endMs),
      })),
      ...(labels ? { alert_rule_test: [{ eval_time: printDuration(endMs), alertname: alert, exp_alerts: [] }] } : {}),
      // Expecting nothing where there is always something makes promtool print what there is.
      promql_expr_test: [
        {
          expr: `count_over_time(ALERTS{alertname=${quoteString(alert)},alertstate="firing"}[${printDuration(endMs + 1_000)}]) or label_replace(vector(-1), "${TRIAL_LABEL}", "${id}", "", "")`,
          eval_time: printDuration(endMs),
          exp_samples: [],
        },
      ],
    })),
  };
}
