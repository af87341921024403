import { loadCatalogue } from '../../thresholds/load/load.ts';
import { renderProblem } from '../../thresholds/load/problem.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { formatCount } from '../../thresholds/units.ts';
import { readCatalogueFiles } from '../catalogue-files.ts';
import { counted } from '../output.ts';
import type { AddCommand, CatalogueOptions } from './command.ts';
import { withCatalogue } from './options.ts';

/** `firedrill check`: the catalogue, with every problem of every file at once. */
export const addCheck: AddCommand = (program, run) => {
  const command = program
    .command('check')
    .description('check the catalogue: every problem with its place, the rule and the fix');
  withCatalogue(command).action(
    run<CatalogueOptions>(async ({ output, env }, options) => {
      const files = readCatalogueFiles(options.catalogue);
      const result = loadCatalogue(files, { env, environment: options.environment ?? null });
      if (!result.ok) {
        if (output.json) output.result(JSON.stringify({ ok: false, problems: result.problems }, null, 2));
        else output.result(result.problems.map((problem) => renderProblem(problem, files)).join('\n\n'));
        output.line(`\n${counted(result.problems.length, 'problem')} in ${counted(files.length, 'file')}`);
        return EXIT_CODE.usage;
      }
      const { systems, receivers, environment } = result.catalogue;
      const services = systems.flatMap((system) => system.services);
      const counts = {
        systems: systems.length,
        services: services.length,
        endpoints: services.reduce((sum, service) => sum + ('endpoints' in service ? service.endpoints.length : 0), 0),
        objectives: services.flatMap((service) => service.promql).length,
        alerts: systems.flatMap((system) => system.alerts).length,
        receivers: receivers.length,
      };
      if (output.json) output.result(JSON.stringify({ ok: true, environment, ...counts }, null, 2));
      else {
        const text = Object.entries(counts).map(
          ([name, count]) => `${formatCount(count)} ${name === 'objectives' ? 'PromQL objectives' : name}`,
        );
        output.result(`catalogue is sound · ${environment}\n  ${text.join(', ')}`);
      }
      return EXIT_CODE.pass;
    }),
  );
};
