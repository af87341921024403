import { runPhases } from '../nightly/nightly.ts';
import { openRunFolder } from '../run/folder.ts';
import { selectCatalogue } from '../select.ts';
import type { AddCommand, CatalogueOptions } from './command.ts';
import { concludeRun } from './conclude.ts';
import { withCatalogueOptions } from './options.ts';

/** `firedrill drill`: every alert from the fault to its receiver and back. */
export const addDrill: AddCommand = (program, run) => {
  const command = program
    .command('drill')
    .description('prove each alert: fault, pending, firing, delivered to its receiver, resolved')
    .option('-o, --out <folder>', 'folder for the results (default: a new one under results/)');
  withCatalogueOptions(command).action(
    run<CatalogueOptions & { out?: string }>(async ({ output, signal, env }, options) => {
      const selection = selectCatalogue(options, env);
      const dir = openRunFolder(options.out, new Date());
      return concludeRun({ output, dir, link: options.out === undefined }, (onVerdict) =>
        runPhases({ command: 'drill', selection, profile: 'smoke', load: {}, dir, output, signal, env }, onVerdict),
      );
    }),
  );
};
