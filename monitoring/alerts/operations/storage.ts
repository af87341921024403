import { sumBy } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { MINUTE_MS, ofStack } from './stack.ts';

const prometheus = (metric: string) => ofStack(metric, 'prometheus');

/** Whether Prometheus keeps what it reads, here and in the store for a year. */
export const STORAGE_ALERTS: readonly Draft[] = [
  {
    name: 'PrometheusCompactionsFailing',
    severity: 'warning',
    objective: 'monitoring-storage',
    expr: `${sumBy([], `increase(${prometheus('prometheus_tsdb_compactions_failed_total')}[3h])`)} > 0`,
    forMs: 30 * MINUTE_MS,
    summary: 'Prometheus cannot compact its data',
    description: '{{ $value | humanize }} compactions of the data of Prometheus failed in the last 3 hours.',
    guidance: {
      meaning: 'Prometheus writes blocks out of what it holds in memory every two hours, and that fails.',
      impact:
        'Memory and the write-ahead log grow until Prometheus is killed or its disk is full; long queries get slow.',
      checks: [
        'Is the disk of Prometheus full, or does it report errors?',
        'The log of Prometheus: which block is named as broken?',
      ],
      fix: 'Free or enlarge the disk. Move a broken block out of the data folder (it can be looked at later) and restart; `firedrill restore` brings data back.',
    },
  },
  {
    name: 'PrometheusWalCorrupted',
    severity: 'critical',
    objective: 'monitoring-storage',
    expr: `${sumBy([], `increase(${prometheus('prometheus_tsdb_wal_corruptions_total')}[1h])`)} > 0`,
    forMs: MINUTE_MS,
    summary: 'The write-ahead log of Prometheus is corrupt',
    description:
      '{{ $value | humanize }} corruptions were found in the write-ahead log of Prometheus in the last hour.',
    guidance: {
      meaning: 'A segment of the write-ahead log could not be read.',
      impact: 'Samples since the last block, up to two hours, may be lost at the next restart.',
      checks: ['Errors of the disk in the log of the kernel.', 'Was Prometheus killed, or its disk full, just before?'],
      fix: 'Look after the disk first. Prometheus cuts the log at the corruption by itself; take a backup (`firedrill backup`) before a restart.',
    },
  },
  {
    name: 'PrometheusSamplesRejected',
    severity: 'warning',
    objective: 'monitoring-ingestion',
    expr: [
      `${sumBy([], `increase(${prometheus('prometheus_target_scrapes_sample_out_of_order_total')}[15m])`)} > 0`,
      `${sumBy([], `increase(${prometheus('prometheus_target_scrapes_sample_duplicate_timestamp_total')}[15m])`)} > 0`,
    ].join('\nor\n'),
    forMs: 15 * MINUTE_MS,
    summary: 'Prometheus refuses samples of its targets',
    description:
      '{{ $value | humanize }} samples came out of order, or twice for one moment, in the last 15 minutes, and were refused.',
    guidance: {
      meaning: 'Two targets write the same series, or a target shows timestamps of its own that go back.',
      impact: 'Some series have gaps; alerts on them may be wrong.',
      checks: [
        'The log of Prometheus names the scrape pool: which target is it?',
        'Is a service scraped by two jobs with the same labels, or are two probers both pushed and pulled?',
      ],
      fix: 'Take the second job away, or give the targets labels that tell them apart.',
    },
  },
  {
    name: 'PrometheusStorageFilling',
    severity: 'warning',
    objective: 'monitoring-storage',
    expr: `${prometheus('prometheus_tsdb_storage_blocks_bytes')}\n/ (${prometheus('prometheus_tsdb_retention_limit_bytes')} > 0)\n> 0.9`,
    forMs: 30 * MINUTE_MS,
    summary: 'Prometheus has used {{ $value | humanizePercentage }} of its storage',
    description:
      'Blocks use {{ $value | humanizePercentage }} of what --storage.tsdb.retention.size allows; beyond it the oldest are deleted early.',
    guidance: {
      meaning:
        'The data of Prometheus comes near the size that it may have. Without a limit of size this alert never fires; watch the disk instead.',
      impact: 'The oldest data is deleted before the retention time is over: budgets and trends lose their past.',
      checks: [
        'prometheus_tsdb_head_series: did the number of series jump, and of which metric (page /tsdb-status)?',
        'Does the retention fit the disk?',
      ],
      fix: 'Drop labels or series that nobody uses by relabelling, or give Prometheus more disk and raise the limit.',
    },
  },
  {
    name: 'RemoteWriteBehind',
    severity: 'warning',
    objective: 'monitoring-archive',
    // In seconds of samples. Over a window, since both are moved by different scrapes.
    expr:
      `max_over_time(${prometheus('prometheus_remote_storage_highest_timestamp_in_seconds')}[5m])\n` +
      '- on (system, service, environment) group_right ()\n' +
      `max_over_time(${prometheus('prometheus_remote_storage_queue_highest_sent_timestamp_seconds')}[5m])\n> 120`,
    forMs: 15 * MINUTE_MS,
    summary: 'The archive is {{ $value | humanizeDuration }} behind',
    description:
      'Prometheus has samples that are {{ $value | humanizeDuration }} newer than the newest that {{ $labels.remote_name }} took.',
    guidance: {
      meaning: 'Remote write to the store that keeps a year does not keep up.',
      impact:
        'After about two hours samples are lost for good: the queue reads the write-ahead log, which is cut off behind it.',
      checks: [
        'Does the receiver answer? The log of Prometheus names its status codes.',
        'prometheus_remote_storage_shards against prometheus_remote_storage_shards_max: is the queue at its limit?',
      ],
      fix: 'Bring the receiver back. If it is merely slow, send fewer series (write_relabel_configs) or allow more shards.',
    },
  },
];
