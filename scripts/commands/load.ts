import { Option } from 'commander';
import { PROFILE_NAMES } from '../../thresholds/profiles.ts';
import { runPhases } from '../nightly/nightly.ts';
import { openRunFolder } from '../run/folder.ts';
import { selectCatalogue } from '../select.ts';
import type { AddCommand, CatalogueOptions } from './command.ts';
import { concludeRun } from './conclude.ts';
import { type LoadCommandOptions, loadOptions, withCatalogueOptions, withLoadOptions } from './options.ts';

type LoadOnlyOptions = CatalogueOptions & LoadCommandOptions & { out?: string };

/** `firedrill load`: k6 against the promises. */
export const addLoad: AddCommand = (program, run) => {
  const command = program
    .command('load')
    .description('k6 against every endpoint of the catalogue, judged by its promises')
    .addOption(new Option('-p, --profile <name>', 'load profile').choices(PROFILE_NAMES).default('load'))
    .option('-o, --out <folder>', 'folder for the results (default: a new one under results/)');
  withLoadOptions(withCatalogueOptions(command)).action(
    run<LoadOnlyOptions>(async ({ output, signal, env }, options) => {
      const load = loadOptions(options);
      const selection = selectCatalogue(options, env);
      const dir = openRunFolder(options.out, new Date());
      return concludeRun({ output, dir, link: options.out === undefined }, (onVerdict) =>
        runPhases(
          {
            command: 'load',
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
