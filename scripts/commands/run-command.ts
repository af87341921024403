import { type Command, Option } from 'commander';
import { PROFILE_NAMES, type ProfileName } from '../../thresholds/profiles.ts';
import { DASHBOARD_LOOKS, type DashboardLook } from '../nightly/dashboards-phase.ts';
import { type RunOptions, runPhases } from '../nightly/nightly.ts';
import { DRILL_CASES, type DrillCases } from '../nightly/synthetic-phase.ts';
import { openRunFolder } from '../run/folder.ts';
import { selectCatalogue } from '../select.ts';
import type { AddCommand, CatalogueOptions, CommandContext } from './command.ts';
import { concludeRun } from './conclude.ts';
import { type LoadCommandOptions, loadOptions, withCatalogueOptions, withLoadOptions } from './options.ts';

/** Options of every command that leaves a run folder. */
export type RunCommandOptions = CatalogueOptions & {
  out?: string;
  dashboards?: DashboardLook;
  cases?: DrillCases;
  verbose?: boolean;
};

/** A command that measures, leaves its reports in a run folder and ends with the exit code of its verdict. */
export function runCommand(command: RunOptions['command'], description: string, profile?: ProfileName): AddCommand {
  return (program, run) => {
    const added = addRunOptions(program.command(command).description(description));
    if (profile !== undefined) withLoadOptions(withProfile(added, profile));
    if (command === 'nightly') withCases(withDashboards(added));
    added.action(
      run<RunCommandOptions & LoadCommandOptions>((context, options) => runAndConclude(command, context, options)),
    );
  };
}

/** Adds the options of the catalogue and --out. */
export function addRunOptions(command: Command): Command {
  return withCatalogueOptions(command).option(
    '-o, --out <folder>',
    'folder for the results (default: a new one under results/)',
  );
}

/** Adds --cases. */
export function withCases(command: Command): Command {
  return command.addOption(
    new Option(
      '--cases <which>',
      'what the drill plays: faults of simulated services (fleet), series made for each alert (series), or both (all)',
    )
      .choices(DRILL_CASES)
      .default('fleet'),
  );
}

function withDashboards(command: Command): Command {
  return command.addOption(
    new Option(
      '--dashboards <look>',
      'queries of all panels: that they have data (healthy), also that they move under their fault (full, 12 minutes)',
    )
      .choices(DASHBOARD_LOOKS)
      .default('healthy'),
  );
}

function withProfile(command: Command, profile: ProfileName): Command {
  return command.addOption(new Option('-p, --profile <name>', 'load profile').choices(PROFILE_NAMES).default(profile));
}

/** Runs the phases of a command and leaves its reports; resolves to the exit code. */
export function runAndConclude(
  command: RunOptions['command'],
  { output, signal, env }: CommandContext,
  options: RunCommandOptions & LoadCommandOptions,
): Promise<number> {
  const load = loadOptions(options);
  const selection = selectCatalogue(options, env);
  const dir = openRunFolder(options.out, new Date());
  const { profile = null, scenarios, dashboards = 'none', cases = 'fleet', verbose = false } = options;
  return concludeRun({ output, dir, link: options.out === undefined, env }, (onVerdict) =>
    runPhases(
      { command, selection, profile, load, dashboards, cases, verbose, scenarios, dir, output, signal, env },
      onVerdict,
    ),
  );
}
