import { CommanderError } from 'commander';
import { EXIT_CODE } from '../thresholds/outcome.ts';
import { Interrupted } from './interrupt.ts';
import { HarnessError } from './process/harness-error.ts';
import { UsageError } from './usage-error.ts';

/** The exit code that an error stands for. What nobody foresaw is firedrill's own fault: broken. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT_CODE.interrupted;
  if (error instanceof UsageError || error instanceof CommanderError) return EXIT_CODE.usage;
  return EXIT_CODE.broken;
}

/** An error for a person: what, why, the fix. A stack trace only for an unforeseen one, and only when FIREDRILL_DEBUG asks for it. */
export function renderError(error: unknown, env: NodeJS.ProcessEnv): string {
  if (error instanceof Interrupted) return `firedrill: ${error.message}`;
  if (error instanceof UsageError)
    return error.fix === null ? error.message : `firedrill: ${error.message}\n  fix: ${error.fix}`;
  if (error instanceof HarnessError) return `firedrill: ${error.describe()}`;
  if (error instanceof CommanderError) {
    // Commander prints the help by itself where no command was named.
    if (error.code === 'commander.help') return '';
    return `firedrill: ${error.message.replace(/^error: /, '')}\n  fix: see firedrill --help`;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = env.FIREDRILL_DEBUG && error instanceof Error ? `\n${error.stack}` : '';
  return `firedrill: a fault of its own: ${message}\n  fix: set FIREDRILL_DEBUG=1 for the place, and report it${stack}`;
}
