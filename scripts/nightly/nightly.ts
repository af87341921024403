import type { LoadOptions } from '../../thresholds/plan-load.ts';
import type { ProfileName } from '../../thresholds/profiles.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import { counted, type Output, phaseLine } from '../output.ts';
import { withMachineLock } from '../process/machine-lock.ts';
import { firstScrapes, startObserver } from '../run/observer.ts';
import { createRecorder, type Recorder } from '../run/recorder.ts';
import { openSession, type Session } from '../run/session.ts';
import type { Selection } from '../select.ts';
import { cacheFolder } from '../tools/cache.ts';
import { type DashboardLook, dashboardsPhase } from './dashboards-phase.ts';
import { drillPhase } from './drill-phase.ts';
import { loadPhase } from './load-phase.ts';
import { type DrillCases, syntheticPhase } from './synthetic-phase.ts';

/** Another run may be a load test of its own; past this time waiting says more about the machine than about the services. */
const MEASURE_LOCK_DEADLINE_MS = 60 * 60_000;

type Phase = 'stack' | 'load' | 'drill' | 'dashboards';

const PAIR = ['prometheus', 'alertmanager'] as const;
/** Started for a moment only, and of one release with Prometheus. */
const BESIDE = ['promtool'] as const;

export interface RunOptions {
  /** `nightly` has both phases, `load` and `drill` one of them. */
  command: 'nightly' | 'load' | 'drill';
  selection: Selection;
  /** Null for a run without load. */
  profile: ProfileName | null;
  load: LoadOptions;
  /** How closely a nightly run looks at dashboards. */
  dashboards: DashboardLook;
  /** What a drill plays: faults of simulated services, series made for each alert, or both. */
  cases: DrillCases;
  /** True: a line for every alert of a drill, however many pass. */
  verbose?: boolean;
  /** A k6 program of the user's own; undefined for firedrill's. */
  scenarios?: string | undefined;
  dir: string;
  output: Output;
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
}

/** What each phase works with. */
export interface Run extends RunOptions {
  session: Session;
  recorder: Recorder;
}

/**
 * The whole loop: fleet and monitoring up, load with probes beside it, then the drill. Whatever fails on the way is in the verdict
 * beside what was measured until then. Rejects only with the reason of `signal`, after everything has been taken down; `onVerdict` has
 * been called before.
 */
export async function runPhases(options: RunOptions, onVerdict: (verdict: Verdict) => void): Promise<void> {
  const { command, selection, output } = options;
  const { systems, environment } = selection.catalogue;
  const recorder = createRecorder(command, environment, options.profile);
  const services = systems.flatMap((system) => system.services).length;
  output.line(
    `firedrill ${command} · ${environment} · ${counted(systems.length, 'system')}, ${counted(services, 'service')}`,
  );
  const at: { phase: Phase } = { phase: 'stack' };
  try {
    await measure(options, recorder, at);
  } catch (error) {
    if (!options.signal.aborted) recorder.fail(at.phase, error);
  }
  onVerdict(recorder.finish());
  options.signal.throwIfAborted();
}

async function measure(options: RunOptions, recorder: Recorder, at: { phase: Phase }): Promise<void> {
  const { profile, output, env } = options;
  const startedAt = performance.now();
  const tools = profile === null ? PAIR : (['k6', ...PAIR] as const);
  const session = await openSession({ ...options, tools: [...tools, ...BESIDE] });
  try {
    const versions = tools.map((name) => {
      const { version } = session.tool(name);
      recorder.verdict.harness[name] = version;
      return `${name} ${version}`;
    });
    const observer = profile === null ? null : await startObserver(session);
    if (observer !== null) await firstScrapes(observer, session.signal);
    output.line(phaseLine('stack', versions.join(', '), performance.now() - startedAt));
    const run: Run = { ...options, session, recorder };
    const lock = {
      cacheDir: cacheFolder(env),
      name: 'measure',
      deadlineMs: MEASURE_LOCK_DEADLINE_MS,
      signal: session.signal,
      onWait: (pid: number) => output.line(phaseLine('wait', `process ${pid} is measuring on this machine`, null)),
    };
    // Two runs at once would measure each other: the second one waits until the first has its figures.
    await withMachineLock(lock, async () => {
      if (profile !== null && observer !== null) {
        at.phase = 'load';
        await loadPhase(run, profile, observer);
        await observer.stop();
      }
      session.signal.throwIfAborted();
      at.phase = 'drill';
      if (options.command !== 'load') await drillPhases(run);
      session.signal.throwIfAborted();
      at.phase = 'dashboards';
      if (options.command === 'nightly') await dashboardsPhase(run, options.dashboards);
    });
  } catch (error) {
    // What died is the cause; the phase that then failed only noticed.
    throw session.casualty() ?? error;
  } finally {
    await session.close();
  }
}

async function drillPhases(run: Run): Promise<void> {
  if (run.cases !== 'fleet') await syntheticPhase(run);
  run.session.signal.throwIfAborted();
  if (run.cases !== 'series') await drillPhase(run);
}
