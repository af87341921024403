import type { Command } from 'commander';
import type { Output } from '../output.ts';

/** What every command gets: where to print, when to stop, and the variables. */
export interface CommandContext {
  output: Output;
  signal: AbortSignal;
  env: NodeJS.ProcessEnv;
}

/** Runs a command; resolves to its exit code. */
export type Action<Options> = (context: CommandContext, options: Options, args: string[]) => Promise<number>;

/** Adds a command to the program. `run` wraps an action with the context and the handling of errors. */
export type AddCommand = (
  program: Command,
  run: <Options>(action: Action<Options>) => (...args: unknown[]) => Promise<void>,
) => void;

/** Options that several commands share. */
export interface CatalogueOptions {
  catalogue: string;
  environment?: string;
  system?: string[];
  service?: string[];
}
