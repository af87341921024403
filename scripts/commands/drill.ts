import { parseDurationMs } from '../../thresholds/units.ts';
import { UsageError } from '../usage-error.ts';
import { type AttachedCommandOptions, attachedDrill } from './attached-drill.ts';
import type { AddCommand } from './command.ts';
import { collect, durationMs } from './options.ts';
import { type RulesCommandOptions, rulesDrill } from './rules-drill.ts';
import { addRunOptions, runAndConclude, withCases } from './run-command.ts';

type DrillCommandOptions = RulesCommandOptions & AttachedCommandOptions;

const DEFAULT_MAX_DURATION = '1h';

/** `firedrill drill`: every alert from the fault to its receiver and back. */
export const addDrill: AddCommand = (program, run) => {
  withCases(addRunOptions(program.command('drill')))
    .description('prove each alert: fault, pending, firing, delivered to its receiver, resolved')
    .option('-v, --verbose', 'a line for every alert, however many pass')
    .option(
      '--rules <file>',
      'rule files of your own; may be given several times (default: those of the catalogue)',
      collect,
    )
    .option('--alertmanager <file>', 'their alertmanager.yml (default: one receiver for all)')
    .option('--real-time', 'files as they are, with their own intervals and waits')
    .option('--prometheus <url>', 'drill the alerts of a running Prometheus, in real time; needs --alertmanager-url')
    .option('--alertmanager-url <url>', 'the Alertmanager that it tells')
    .option('--alert <name>', 'in real time: only this alert; may be given several times', collect)
    .option(
      '--max-duration <time>',
      'in real time: leave out alerts that take longer',
      durationMs,
      parseDurationMs(DEFAULT_MAX_DURATION),
    )
    .option('--allow-notify', 'let real receivers be told (default: a silence keeps the drill from them)')
    .option('--webhook-listen <host:port>', 'listen as the receiver of the drill')
    .option('--drill-receiver <name>', 'how that receiver is called in alertmanager.yml', 'firedrill')
    .option('-y, --yes', 'do not ask before series are written to a running Prometheus')
    .action(
      run<DrillCommandOptions>((context, options) => {
        const { prometheus, alertmanagerUrl, rules, alertmanager, realTime } = options;
        const attached = prometheus !== undefined || alertmanagerUrl !== undefined;
        const ofFiles = rules !== undefined || alertmanager !== undefined;
        if (attached && (ofFiles || realTime === true)) {
          throw new UsageError(
            'a running Prometheus has rules, routes and a clock of its own',
            'leave out --rules, --alertmanager and --real-time, or --prometheus and --alertmanager-url',
          );
        }
        if (attached) return attachedDrill(context, options);
        return ofFiles || realTime === true ? rulesDrill(context, options) : runAndConclude('drill', context, options);
      }),
    );
};
