import { Option } from 'commander';
import { PROFILE_NAMES } from '../../thresholds/profiles.ts';
import { runPhases } from '../nightly/nightly.ts';
import { openRunFolder } from '../run/folder.ts';
import { selectCatalogue } from '../select.ts';
import type { AddCommand, CatalogueOptions } from './command.ts';
import { concludeRun } from './conclude.ts';
import { type LoadCommandOptions, loadOptions, withCatalogueOptions, withLoadOptions } from './options.ts';

type NightlyCommandOptions = CatalogueOptions & LoadCommandOptions & { out?: string };

/** `firedrill nightly`: load, probes and drill, one verdict. */
export const addNightly: AddCommand = (program, run) => {
  const command = program
    .command('nightly')
    .description('stack up, load, probes, drill, one verdict')
    .addOption(new Option('-p, --profile <name>', 'load profile').choices(PROFILE_NAMES).default('smoke'))
    .option('-o, --out <folder>', 'folder for the results (default: a new one under results/)');
  withLoadOptions(withCatalogueOptions(command)).action(
    run<NightlyCommandOptions>(async ({ output, signal, env }, options) => {
      const load = loadOptions(options);
      const selection = selectCatalogue(options, env);
      const dir = openRunFolder(options.out, new Date());
      return concludeRun({ output, dir, link: options.out === undefined }, (onVerdict) =>
        runPhases(
          {
            command: 'nightly',
            selection,
            profile: options.profile,
            load,
            scenarios: options.scenarios,
            dir,
            output,
            signal,
            env,
          },
          onVerdict,
        ),
      );
    }),
  );
};
