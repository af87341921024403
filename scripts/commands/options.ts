import { statSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LoadOptions } from '../../thresholds/plan-load.ts';
import type { ProfileName } from '../../thresholds/profiles.ts';
import { parseDurationMs } from '../../thresholds/units.ts';
import { BUILT_IN_CATALOGUE } from '../catalogue-files.ts';

/** Gathers an option that may be given several times. */
export const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** Adds --catalogue and --environment. */
export function withCatalogue(command: Command): Command {
  return command
    .addOption(
      new Option('-c, --catalogue <path>', 'folder or file of the catalogue').default(
        BUILT_IN_CATALOGUE,
        'the built-in one',
      ),
    )
    .option('-e, --environment <name>', 'environment of the catalogue (default: the one its addresses stand for)');
}

/** Adds --catalogue, --environment, --system and --service. */
export function withCatalogueOptions(command: Command): Command {
  return withCatalogue(command)
    .option('-s, --system <id>', 'only this system; may be given several times', collect)
    .option('--service <id>', 'only this service, as id or system/id; may be given several times', collect);
}

/** Options of the commands that send load. */
export interface LoadCommandOptions {
  profile?: ProfileName;
  duration?: number;
  rate?: number;
  maxRequests?: number;
  scenarios?: string;
}

/** Adds --duration, --rate, --max-requests and --scenarios. */
export function withLoadOptions(command: Command): Command {
  return command
    .option('--duration <time>', 'length of the load, such as 90s or 10m (default: that of the profile)', durationMs)
    .option(
      '--rate <factor>',
      'traffic as a factor of what the catalogue expects',
      positive('a number such as 0.5', Number),
    )
    .option('--max-requests <n>', 'most requests in the whole run', positive('a whole number', Number.parseInt))
    .option('--scenarios <file>', 'k6 program of your own, with the exports of scenarios/main.ts', existingFile);
}

/** The options of a load run as the planner takes them. */
export function loadOptions({ duration, rate, maxRequests }: LoadCommandOptions): LoadOptions {
  return {
    ...(duration === undefined ? {} : { durationMs: duration }),
    ...(rate === undefined ? {} : { rate }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
  };
}

function existingFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new InvalidArgumentError('There is no such file.');
  }
  return path;
}

/** Milliseconds of an option such as `90s`. */
export function durationMs(text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw new InvalidArgumentError('Write a duration such as 90s or 10m.');
  }
}

function positive(what: string, parse: (text: string) => number) {
  return (text: string) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? parse(text) : Number.NaN;
    if (!(value > 0)) throw new InvalidArgumentError(`Write ${what} above 0.`);
    return value;
  };
}
