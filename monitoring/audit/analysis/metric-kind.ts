/** What the name of a metric and the names beside it tell about how its values move. */
export type MetricKind = 'counter' | 'gauge';

/** `_total` after one of these is the size of a stock, not a count of events. */
const STOCKS = new Set(
  (
    'cpu cpus core cores node nodes memory mem ram swap heap space size storage disk disks capacity volume volumes pod pods thread threads ' +
    'license licenses inode inodes slot slots worker workers connection connections replica replicas host hosts instance instances quota ' +
    'limit max available free used current active idle shard shards partition partitions broker brokers member members device devices ' +
    'file files object objects key keys users sessions clients gpu gpus buffer buffers pool bytes'
  ).split(' '),
);
/** Exporters of cloud metrics name statistics like this; none of them is a counter. */
const CLOUD = /^(aws|azure|gcp|stackdriver|cloudwatch|yace)_/;
/** Words at the end of the name of a level. */
const LEVEL_END =
  /(^|_)(percent|percentage|pct|ratio|celsius|temperature|utilization|utilisation|in_flight|inflight|in_progress|queue_length|queue_size|queue_depth|pool_size|backlog|load1|load5|load15|info|timestamp|timestamp_seconds)$/;
/** Words at the start of the name of a level. */
const LEVEL_START =
  /^(active|current|open|idle|pending|available|free)_|_(active|current|open|idle|pending)_(connections|requests|sessions|workers|threads|users|clients|jobs)$/;
const KNOWN_LEVELS = new Set([
  'up',
  'node_load1',
  'node_load5',
  'node_load15',
  'process_open_fds',
  'process_start_time_seconds',
  'go_goroutines',
]);
const KNOWN_LEVEL_FAMILIES =
  /^(node_memory_(?!.*_total$)\w+_bytes|node_filesystem_\w+_bytes|process_(resident|virtual)_memory_bytes|kube_\w+_status_(phase|ready|condition))$/;

/**
 * Whether a metric only counts up (`counter`) or goes up and down (`gauge`); null where its name does not tell. Recorded metrics (with a
 * colon) are never told: their names describe what was done to them.
 */
export function metricKind(name: string, isRead: (metric: string) => boolean): MetricKind | null {
  if (name.includes(':') || CLOUD.test(name)) return null;
  if (name.endsWith('_bucket')) return 'counter';
  if (name.endsWith('_total')) return STOCKS.has(name.split('_').at(-2) ?? '') ? null : 'counter';
  const stem = /^(.+)_(sum|count)$/.exec(name)?.[1];
  if (stem !== undefined) {
    return isRead(`${stem}_bucket`) || (isRead(`${stem}_sum`) && isRead(`${stem}_count`)) ? 'counter' : null;
  }
  const isLevel =
    KNOWN_LEVELS.has(name) || KNOWN_LEVEL_FAMILIES.test(name) || LEVEL_END.test(name) || LEVEL_START.test(name);
  return isLevel ? 'gauge' : null;
}
