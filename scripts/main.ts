import { Command, CommanderError } from 'commander';
import { EXIT_CODE } from '../thresholds/outcome.ts';
import type { Action, CommandContext } from './commands/command.ts';
import { loadCommands } from './commands/commands.ts';
import { exitCodeOf, renderError } from './error-report.ts';
import { createOutput } from './output.ts';
import { packageVersion } from './version.ts';

/** Parses the command line and runs one command; resolves to the exit code of the process. */
export async function main(args: string[], signal: AbortSignal): Promise<number> {
  const program = new Command('firedrill')
    .description('Keeps a promise about services in one catalogue and proves it: load, probes, alerts, one verdict.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false)
    .showSuggestionAfterError(true);
  let code: number = EXIT_CODE.pass;
  const run =
    <Options>(action: Action<Options>) =>
    async (...params: unknown[]) => {
      const command = params.at(-1) as Command;
      const options = command.opts() as Options & { json?: boolean; quiet?: boolean };
      const output = createOutput({ json: options.json === true, quiet: options.quiet === true });
      const context: CommandContext = { output, signal, env: process.env };
      code = await action(context, options, command.args);
    };
  for (const add of await loadCommands(args)) add(program, run);
  for (const command of program.commands) {
    command
      .exitOverride()
      .configureOutput({ outputError: () => {} })
      .option('--json', 'machine-readable on stdout, everything else on stderr')
      .option('--quiet', 'no progress');
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODE.pass;
    const text = renderError(error, process.env);
    if (text !== '') process.stderr.write(`${text}\n`);
    return exitCodeOf(error);
  }
}
