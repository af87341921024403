import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../probes/clock.ts';
import { createRemoteWrite } from '../../probes/delivery/remote-write.ts';
import { startProbes } from '../../probes/runner.ts';
import { isPaid } from '../../probes/target.ts';
import type { Catalogue } from '../../thresholds/model.ts';
import type { ProfileName } from '../../thresholds/profiles.ts';
import { formatCount, formatDuration } from '../../thresholds/units.ts';
import type { LoadRow, ProbeRow } from '../../thresholds/verdict.ts';
import { judgePromql } from '../load/promql.ts';
import { runLoad } from '../load/run-load.ts';
import { counted, phaseLine } from '../output.ts';
import { describeLeftOut } from '../probe/once.ts';
import type { Observer } from '../run/observer.ts';
import type { Run } from './nightly.ts';

/** A smoke run of about 20 s holds 20 runs of each probe: as many as a 95th percentile needs. */
const PROBE_INTERVAL_MS = 1_000;
/** However short the load: long enough for the 3 probe runs without which nothing is judged ... */
const MIN_WATCH_MS = 4_000;
/** ... also of looks that cost money, which are taken less often ... */
const MIN_WATCH_PAID_MS = 4 * MIN_WATCH_MS;
/** ... and for the 10 scrapes that most PromQL objectives need. */
const MIN_WATCH_PROMQL_MS = 12_500;

/** k6 against every endpoint, probes of every service beside it, and the PromQL promises over the same time. */
export async function loadPhase(run: Run, profile: ProfileName, observer: Observer): Promise<void> {
  const { selection, session, recorder, output, env, dir } = run;
  const { catalogue } = selection;
  const { addresses, signal, scope, fleet } = session;
  const caFile = fleet?.caFile ?? null;
  await fleet?.startBackground();

  const clock = systemClock();
  const sink = createRemoteWrite({ url: `${observer.prometheus.url}/api/v1/write`, clock });
  const intervalMs = PROBE_INTERVAL_MS;
  const probes = startProbes({ catalogue, addresses, caFile, intervalMs, oneShot: true, sink, clock, env });
  const startedMs = Date.now();
  try {
    const result = await runLoad({
      catalogue,
      addresses,
      profile,
      options: run.load,
      k6Path: session.tool('k6').path,
      scope,
      dir: join(dir, 'load'),
      prometheusUrl: observer.prometheus.url,
      caFile,
      env,
      signal,
      ...(run.scenarios === undefined ? {} : { entry: run.scenarios }),
      onProgress: ({ elapsedMs, totalMs }) =>
        output.progress(
          phaseLine('load', `${profile}, ${formatDuration(elapsedMs)} of about ${formatDuration(totalMs)}`, null),
        ),
    });
    recorder.verdict.load.push(...result.rows);
    recorder.verdict.harness.droppedIterations = result.droppedIterations;
    result.problems.forEach(recorder.problem);
    const loaded = new Set(result.rows.map((row) => `${row.system}/${row.service}`)).size;
    const text = `${profile}: ${counted(loaded, 'service')}, ${counted(result.requests, 'request')}, ${formatCount(result.droppedIterations)} dropped`;
    output.line(phaseLine('load', text, result.seconds * 1_000));
    if (!signal.aborted) {
      await watchUntil(startedMs + watchMs(catalogue), run);
      const measured = await judgePromql({
        catalogue,
        client: observer.prometheus,
        windowMs: Date.now() - startedMs,
        atMs: Date.now(),
      });
      recorder.verdict.load.push(...measured);
      if (measured.length > 0) output.line(phaseLine('promql', promqlText(measured), null));
    }
  } finally {
    const rows = await probes.stop();
    recorder.verdict.probes.push(...rows);
    const { samplesDropped, lastError } = sink.stats();
    if (samplesDropped > 0 && session.casualty() === null) {
      const reason = `${formatCount(samplesDropped)} probe samples did not reach Prometheus: ${lastError}`;
      recorder.problem({ phase: 'probes', outcome: 'inconclusive', reason });
    }
    output.line(phaseLine('probes', probesText(rows), null));
    const leftOut = describeLeftOut(catalogue);
    if (leftOut !== null) output.line(phaseLine('', leftOut, null));
  }
}

/** How long probes and Prometheus have to watch: a small system is loaded in a few seconds. */
function watchMs({ systems }: Catalogue): number {
  const services = systems.flatMap((system) => system.services);
  return Math.max(
    MIN_WATCH_MS,
    services.some(({ promql }) => promql.length > 0) ? MIN_WATCH_PROMQL_MS : 0,
    services.some(({ furtherProbes }) => [...furtherProbes.values()].some(isPaid)) ? MIN_WATCH_PAID_MS : 0,
  );
}

async function watchUntil(endMs: number, { session, output }: Run): Promise<void> {
  const leftMs = endMs - Date.now();
  if (leftMs <= 0) return;
  output.progress(phaseLine('probes', `watching for another ${formatDuration(leftMs)}`, null));
  await delay(leftMs, undefined, { signal: session.signal });
}

function promqlText(rows: readonly LoadRow[]): string {
  const services = new Set(rows.map((row) => `${row.system}/${row.service}`)).size;
  return `${counted(rows.length, 'objective')} of ${counted(services, 'service')}, read from Prometheus`;
}

function probesText(rows: readonly ProbeRow[]): string {
  const sum = (key: 'runs' | 'failures' | 'unknown') => formatCount(rows.reduce((total, row) => total + row[key], 0));
  return `${counted(rows.length, 'target')}, ${sum('runs')} runs, ${sum('failures')} failed, ${sum('unknown')} unknown`;
}
