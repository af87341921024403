import { hostname } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { ProbeRunnerOptions } from '../../probes/runner.ts';
import { parseShard, type Shard } from '../../probes/schedule/shard.ts';
import { parseHostAndPort } from '../../thresholds/host-and-port.ts';
import type { HostAndPort } from '../../thresholds/model.ts';

/** Which targets this prober has, and from where it looks. */
export interface RunOptions {
  location?: string;
  shard?: Shard;
  connectivity?: HostAndPort[];
  watch: boolean;
  state?: string;
}

/** Adds the options of {@link RunOptions}. */
export function withRunOptions(command: Command): Command {
  return command
    .option('--location <name>', 'where this prober stands: the label location of every series', locationName)
    .option('--shard <i/n>', 'only the targets of the i-th of n probers, counted from 0: 0/3', shard)
    .option(
      '--connectivity <host:port>',
      'while no such neighbour takes a connection, failures count as unknown; may be given several times',
      neighbour,
    )
    .option('--state <folder>', 'keeps there what must outlive a restart: status history, spent budgets, heartbeats')
    .option('--no-watch', 'read the catalogue again on SIGHUP and POST /-/reload alone, not when its files change');
}

/** What of them concerns the runner. */
export function runnerOptions({
  location = '',
  shard = undefined,
  connectivity = [],
}: Omit<RunOptions, 'watch'>): Pick<ProbeRunnerOptions, 'location' | 'shard' | 'connectivity' | 'instance'> {
  return { location, shard: shard ?? null, connectivity, instance: hostname() };
}

function locationName(text: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError('Write a name of letters, digits, dots, dashes and underscores, such as eu-west.');
}

function shard(text: string): Shard {
  const parsed = parseShard(text);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Write which one of how many, counted from 0, such as 0/3, 1/3 and 2/3.');
}

function neighbour(text: string, earlier: HostAndPort[] = []): HostAndPort[] {
  const parsed = parseHostAndPort(text);
  if (parsed !== null) return [...earlier, parsed];
  throw new InvalidArgumentError('Write host:port, such as gateway.example.org:443.');
}
