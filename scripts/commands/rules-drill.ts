import { join } from 'node:path';
import { deriveAlertmanagerText } from '../../monitoring/alertmanager-config.ts';
import { DEFAULT_ALERTMANAGER } from '../../monitoring/drill/synthetic/routes.ts';
import { deriveRulesText } from '../../monitoring/rules.ts';
import type { SourceFile } from '../../thresholds/load/problem.ts';
import { readFiles } from '../audit/read-files.ts';
import { renderRealTimePlan } from '../drill/attached/plan-text.ts';
import { planRealTime, runRealTimeDrill } from '../drill/real-time/drill.ts';
import { runSyntheticDrill } from '../drill/synthetic/drill.ts';
import { counted } from '../output.ts';
import { ProcessScope } from '../process/scope.ts';
import { openRunFolder } from '../run/folder.ts';
import { createRecorder } from '../run/recorder.ts';
import { selectCatalogue } from '../select.ts';
import { cacheFolder } from '../tools/cache.ts';
import { resolveTools } from '../tools/resolve.ts';
import { UsageError } from '../usage-error.ts';
import type { CommandContext } from './command.ts';
import { concludeRun } from './conclude.ts';
import { recordDrill } from './conclude-drill.ts';
import type { RunCommandOptions } from './run-command.ts';

/** What `firedrill drill` is told of files and time. */
export interface RulesCommandOptions extends RunCommandOptions {
  rules?: string[];
  alertmanager?: string;
  realTime?: boolean;
  alert?: string[];
  maxDuration: number;
}

/** As the derived prometheus.yml has it, and Prometheus itself for rules of others. */
const EVALUATION_INTERVAL_MS = { derived: 15_000, own: 60_000 };

/** Drills rule files by anyone, or those of the catalogue in real time, on series made for each alert. */
export async function rulesDrill(context: CommandContext, options: RulesCommandOptions): Promise<number> {
  const { output, signal, env } = context;
  const source = sourceOf(options, env);
  const dir = openRunFolder(options.out, new Date());
  const progress = (text: string) => output.line(`  ${text}`);
  return concludeRun({ output, dir, link: options.out === undefined, env }, async (onVerdict) => {
    await using scope = new ProcessScope();
    const tools = await resolveTools(['prometheus', 'promtool', 'alertmanager'], { env, onProgress: progress, signal });
    const recorder = createRecorder('drill', source.environment, null);
    recorder.verdict.harness.prometheus = tools.prometheus.version;
    recorder.verdict.harness.alertmanager = tools.alertmanager.version;
    output.line(`firedrill drill · ${counted(source.files.length, 'rule file')}`);
    const cacheDir = join(cacheFolder(env), 'witnesses');
    const drill = { ...source, tools, scope, dir: join(dir, 'drill'), cacheDir, signal };
    await recordDrill(context, recorder, { dir, verbose: options.verbose }, async (live) => {
      if (options.realTime !== true) return runSyntheticDrill({ ...drill, onState: live.onProgress });
      const { alert: alerts = [], maxDuration: maxDurationMs } = options;
      const realTime = { ...drill, alerts, maxDurationMs, output };
      const plan = await planRealTime(realTime);
      output.line(renderRealTimePlan(plan));
      return runRealTimeDrill(plan, realTime, live);
    });
    onVerdict(recorder.finish());
    signal.throwIfAborted();
  });
}

interface DrillSource {
  readonly files: readonly SourceFile[];
  readonly alertmanager: SourceFile;
  readonly evaluationIntervalMs: number;
  readonly environment: string;
}

function sourceOf(options: RulesCommandOptions, env: NodeJS.ProcessEnv): DrillSource {
  const given = options.alertmanager === undefined ? null : oneFile(options.alertmanager);
  if (options.rules !== undefined) {
    const { files, problems } = readFiles(options.rules);
    const [first] = problems;
    if (first !== undefined) throw new UsageError(`${first.file}: ${first.rule}`, first.fix);
    return {
      files,
      alertmanager: given ?? DEFAULT_ALERTMANAGER,
      evaluationIntervalMs: EVALUATION_INTERVAL_MS.own,
      environment: 'files',
    };
  }
  const { catalogue } = selectCatalogue(options, env);
  return {
    files: [{ path: 'alert_rules.yml', text: deriveRulesText(catalogue) }],
    alertmanager: given ?? { path: 'alertmanager.yml', text: deriveAlertmanagerText(catalogue) },
    evaluationIntervalMs: EVALUATION_INTERVAL_MS.derived,
    environment: catalogue.environment,
  };
}

function oneFile(path: string): SourceFile {
  const { files, problems } = readFiles([path]);
  const [file] = files;
  if (file !== undefined && files.length === 1) return file;
  throw new UsageError(
    `--alertmanager ${path}: ${problems[0]?.rule ?? 'names more than one file'}`,
    'name one alertmanager.yml',
  );
}
