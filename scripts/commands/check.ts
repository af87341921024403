import { loadCatalogue } from '../../thresholds/load/load.ts';
import { renderProblem } from '../../thresholds/load/problem.ts';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { formatCount } from '../../thresholds/units.ts';
import { readCatalogueFiles } from '../catalogue-files.ts';
import { counted } from '../output.ts';
import { resolveTool } from '../tools/resolve.ts';
import type { AddCommand, CatalogueOptions, CommandContext } from './command.ts';
import { collect, withCatalogue } from './options.ts';

/** `firedrill check`: the catalogue, with every problem of every file at once. */
export const addCheck: AddCommand = (program, run) => {
  const command = program
    .command('check')
    .description('check the catalogue: every problem with its place, the rule and the fix')
    .option(
      '--rule-tests <file>',
      'instead, run test files of promtool and refuse those that pass without having looked; may be given several times',
      collect,
    );
  withCatalogue(command).action(
    run<CatalogueOptions & { ruleTests?: string[] }>(async (context, options) => {
      const { output, env } = context;
      if (options.ruleTests !== undefined) return checkRuleTests(context, options.ruleTests);
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

async function checkRuleTests({ output, env, signal }: CommandContext, paths: readonly string[]): Promise<number> {
  const { checkRuleTestFiles } = await import('../rule-tests/check.ts');
  const { path: promtool } = await resolveTool('promtool', { env, signal, onProgress: output.progress });
  const { files, tests, rules, problems, faults } = await checkRuleTestFiles(paths, { promtool, signal });
  const sound = problems.length + faults.length === 0;
  if (output.json) output.result(JSON.stringify({ ok: sound, tests, rules, problems, faults }, null, 2));
  else {
    if (problems.length > 0) output.result(problems.map((problem) => renderProblem(problem, files)).join('\n\n'));
    for (const { file, line, id, rule, reason } of faults)
      output.result(`${file}:${line}: ${id}: ${rule === null ? '' : `${rule}: `}${reason}`);
    output.result(
      `${counted(tests, 'test')} of ${counted(rules, 'rule')}: ${sound ? 'all hold' : counted(problems.length + faults.length, 'problem')}`,
    );
  }
  if (problems.length > 0) return EXIT_CODE.usage;
  return sound ? EXIT_CODE.pass : EXIT_CODE.fail;
}
