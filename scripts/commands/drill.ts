import { parseDurationMs } from '../../thresholds/units.ts';
import { type AttachedCommandOptions, attachedDrill } from './attached-drill.ts';
import type { AddCommand } from './command.ts';
import { collect, durationMs } from './options.ts';
import { addRunOptions, type RunCommandOptions, runAndConclude } from './run-command.ts';

type DrillCommandOptions = RunCommandOptions & AttachedCommandOptions;

const DEFAULT_MAX_DURATION = '1h';

/** `firedrill drill`: every alert from the fault to its receiver and back. */
export const addDrill: AddCommand = (program, run) => {
  addRunOptions(program.command('drill'))
    .description('prove each alert: fault, pending, firing, delivered to its receiver, resolved')
    .option('-v, --verbose', 'a line for every alert, however many pass')
    .option('--prometheus <url>', 'drill the alerts of a running Prometheus, in real time; needs --alertmanager-url')
    .option('--alertmanager-url <url>', 'the Alertmanager that it tells')
    .option('--alert <name>', 'of a running Prometheus only this alert; may be given several times', collect)
    .option(
      '--max-duration <time>',
      'leave out alerts that take longer',
      durationMs,
      parseDurationMs(DEFAULT_MAX_DURATION),
    )
    .option('--allow-notify', 'let real receivers be told (default: a silence keeps the drill from them)')
    .option('--webhook-listen <host:port>', 'listen as the receiver of the drill')
    .option('--drill-receiver <name>', 'how that receiver is called in alertmanager.yml', 'firedrill')
    .option('-y, --yes', 'do not ask before series are written to a running Prometheus')
    .action(
      run<DrillCommandOptions>((context, options) => {
        const attached = options.prometheus !== undefined || options.alertmanagerUrl !== undefined;
        return attached ? attachedDrill(context, options) : runAndConclude('drill', context, options);
      }),
    );
};
