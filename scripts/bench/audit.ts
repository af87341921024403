import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { runAudit, sortFiles } from '../audit/audit.ts';
import { mutantsStep } from '../audit/mutants-step.ts';
import { witnessStep } from '../audit/witness-step.ts';
import { HarnessError } from '../process/harness-error.ts';
import { resolveTool } from '../tools/resolve.ts';
import { auditRules } from './audit-rules.ts';
import type { Bench } from './result.ts';

/** With the shapes of its rules over 2,000 mutants: long enough that start and end weigh little. */
const SERVICES = 5;
const MIN_MUTANTS_PER_SECOND = 200;
const MIN_SCORE = 0.95;
const CALIBRATION_ROUNDS = 5;

/**
 * How quickly mutants are judged: rules as public collections hold them, tests made for each alert, each mutant run by promtool. There is no
 * peer. A loop of known length shows how much of a processor this process gets; on a machine with other work the wall time says nothing.
 */
export const benchAudit: Bench = async ({ log, signal }) => {
  const promtool = await resolveTool('promtool', { env: process.env, signal, onProgress: log });
  const files = sortFiles([auditRules(SERVICES)]);
  const rules = files.rules.map(({ file }) => file);
  const quiet = await calibrate(signal);
  const phases: { name: string; wallSeconds: number; own: number; promtool: number }[] = [];
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const [startedAt, before] = [performance.now(), cpu()];
    const result = await work();
    const after = cpu();
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    phases.push({ name, wallSeconds, own: after.own - before.own, promtool: after.children - before.children });
    log(`${name}: ${wallSeconds.toFixed(1)} s`);
    return result;
  };
  const onProgress = () => {};
  const { totals } = await runAudit(
    files,
    [],
    { scrapeIntervalMs: 15_000 },
    {
      witnesses: (found) => timed('witnesses', () => witnessStep(found, { promtool, signal, onProgress })),
      mutants: (found, witnesses) =>
        timed('mutants', () =>
          mutantsStep(found, witnesses, {
            promtool: promtool.path,
            signal,
            files: rules,
            tests: null,
            keep: false,
            onProgress,
          }),
        ),
    },
  );
  const mutants = phases.find(({ name }) => name === 'mutants');
  const total = totals.mutants?.total ?? 0;
  if (mutants === undefined || total === 0 || totals.score === null) {
    throw new HarnessError('no mutant was judged', { reason: `promtool ${promtool.version} left nothing to judge` });
  }
  const sum = (of: (phase: (typeof phases)[number]) => number) => phases.reduce((all, phase) => all + of(phase), 0);
  const single = { peer: null, ratio: null, limit: null };
  return {
    name: 'audit',
    figures: [
      {
        ...single,
        metric: 'mutants judged, at least',
        unit: 'mutants/s',
        ours: total / mutants.wallSeconds,
        limit: MIN_MUTANTS_PER_SECOND,
      },
      { ...single, metric: 'share of them noticed, at least', unit: '', ours: totals.score, limit: MIN_SCORE },
      {
        ...single,
        metric: 'mutants judged, search for witnesses included',
        unit: 'mutants/s',
        ours: total / sum(({ wallSeconds }) => wallSeconds),
      },
      { ...single, metric: 'mutants', unit: '', ours: total },
      {
        ...single,
        metric: 'processor time for a mutant',
        unit: 'ms',
        ours: ((mutants.own + mutants.promtool) / total) * 1_000,
      },
      {
        ...single,
        metric: 'share of it in promtool',
        unit: '',
        ours: mutants.promtool / (mutants.own + mutants.promtool),
      },
      { ...single, metric: 'calibration: wall time of a loop by its processor time', unit: '', ours: quiet },
    ],
  };
};

/** Wall time by processor time of a loop that waits for nothing: 1 on a quiet machine. The median of some rounds. */
async function calibrate(signal: AbortSignal): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < CALIBRATION_ROUNDS; round += 1) {
    await delay(50, undefined, { signal });
    const [startedAt, before] = [performance.now(), process.cpuUsage()];
    let sink = 0;
    for (let step = 0; step < 1e8; step += 1) sink = (sink + step) | 0;
    const { user, system } = process.cpuUsage(before);
    ratios.push(((performance.now() - startedAt) * 1_000 + (sink & 0)) / (user + system));
  }
  return ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
}

/** Ticks per second in /proc: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time in seconds of this process and of its children that have ended. */
function cpu(): { own: number; children: number } {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const seconds = (from: number) => (Number(fields[from]) + Number(fields[from + 1])) / TICKS_PER_SECOND;
    return { own: seconds(11), children: seconds(13) };
  } catch {
    throw new HarnessError('processor time cannot be read', { reason: 'no /proc/self/stat', hint: 'run it on Linux' });
  }
}
