import { EXIT_CODE } from '../../thresholds/outcome.ts';
import type { Bench, BenchFigure } from '../bench/result.ts';
import { UsageError } from '../usage-error.ts';
import type { AddCommand } from './command.ts';
import { durationMs } from './options.ts';

/** Every benchmark by its name; loaded only when asked for. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  load: async () => (await import('../bench/load.ts')).benchLoad,
  fleet: async () => (await import('../bench/fleet.ts')).benchFleet,
  llm: async () => (await import('../bench/llm.ts')).benchLlm,
  probe: async () => (await import('../bench/probe.ts')).benchProbe,
  targets: async () => (await import('../bench/targets.ts')).benchTargets,
  audit: async () => (await import('../bench/audit.ts')).benchAudit,
};

/** `firedrill bench NAME`: figures as ratios against a peer in one run. */
export const addBench: AddCommand = (program, run) => {
  program
    .command('bench')
    .description(`measure firedrill itself: ${Object.keys(BENCHES).join(', ')}`)
    .argument('<name>', 'which benchmark')
    .option(
      '--duration <time>',
      'how long to measure, such as 60s (only where a benchmark measures for a time)',
      durationMs,
    )
    .action(
      run<{ duration?: number }>(async ({ output, signal }, { duration }, [name = '']) => {
        const load = BENCHES[name];
        if (load === undefined) {
          throw new UsageError(
            `there is no benchmark ${JSON.stringify(name)}`,
            `choose one of ${Object.keys(BENCHES).join(', ')}`,
          );
        }
        const bench = await load();
        const result = await bench({
          log: (line) => output.line(line),
          signal,
          ...(duration === undefined ? {} : { durationMs: duration }),
        });
        output.result(output.json ? JSON.stringify(result, null, 2) : result.figures.map(renderFigure).join('\n'));
        return result.figures.every(withinLimit) ? EXIT_CODE.pass : EXIT_CODE.fail;
      }),
    );
};

function renderFigure({ metric, unit, ours, peer, ratio, limit }: BenchFigure): string {
  const against = peer === null || ratio === null ? '' : `, peer ${round(peer)} ${unit}, ratio ${round(ratio)}`;
  return `${metric}: ${round(ours)} ${unit}${against}${limit === null ? '' : ` (limit ${limit})`}`;
}

/** A figure named "at least" has a floor, every other one a ceiling. */
function withinLimit({ metric, ours, ratio, limit }: BenchFigure): boolean {
  if (limit === null) return true;
  return metric.includes('at least') ? (ratio ?? ours) >= limit : (ratio ?? ours) <= limit;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
