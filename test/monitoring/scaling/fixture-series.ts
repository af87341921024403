import type { Random } from '../promql/random.ts';

/** Samples of a series, one a step; null where there is none. */
export interface FixtureSeries {
  name: string;
  samples: readonly (number | null)[];
}

/** Counters, gauges, states, recorded values and a histogram under the names and labels that random expressions look for. */
export function fixtureSeries(random: Random, steps: number): FixtureSeries[] {
  const counter = (scale: number) => {
    let value = random.int(100);
    return samples(steps, () => {
      value = random.chance(0.01) ? 0 : value + Math.floor(random.next() * scale);
      return value;
    });
  };
  const gauge = (middle: number) => {
    let value = middle;
    return samples(steps, () => {
      value += Math.round((random.next() - 0.5) * middle * 20) / 100;
      return value;
    });
  };
  const series: FixtureSeries[] = [];
  for (const [job, instance] of [
    ['api', 'a'],
    ['api', 'b'],
    ['db', 'a'],
  ]) {
    const at = `job="${job}", instance="${instance}"`;
    series.push({ name: `up{${at}}`, samples: samples(steps, () => (random.chance(0.8) ? 1 : 0)) });
    series.push({ name: `queue_depth{${at}}`, samples: gauge(40) });
    series.push({ name: `job:rate:5m{${at}}`, samples: gauge(3) });
    for (const code of ['200', '500']) {
      series.push({ name: `http_requests_total{${at}, code="${code}"}`, samples: counter(code === '200' ? 90 : 9) });
      series.push({ name: `errors_total{${at}, code="${code}"}`, samples: counter(5) });
    }
    const total = samples(steps, () => 0) as number[];
    for (const le of ['0.1', '0.5', '1', '+Inf']) {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        sum += Math.floor(random.next() * 6);
        total[step] = (total[step] ?? 0) + sum;
      }
      series.push({ name: `latency_bucket{${at}, le="${le}"}`, samples: [...total] });
    }
  }
  // Gauges that hold moments: when something started, within the time of the test.
  series.push({ name: 'started{job="api", instance="a"}', samples: samples(steps, () => 1_800) });
  return series.map((one, index) => (index % 4 === 3 ? interrupted(one, random) : one));
}

/**
 * The series as promtool reads them. Where one pauses or ends a marker tells so: the look-back of promtool is the same on every clock.
 * @param lead steps before the first sample.
 */
export function fixtureInput(series: readonly FixtureSeries[], lead: number): { series: string; values: string }[] {
  return series.map(({ name, samples: values }) => ({
    series: name,
    values: [
      ...(lead > 0 ? [`_x${lead}`] : []),
      ...values.map((value, index) =>
        value !== null ? String(value) : (values[index - 1] ?? null) === null ? '_' : 'stale',
      ),
      'stale',
    ].join(' '),
  }));
}

function samples(steps: number, next: () => number): number[] {
  return Array.from({ length: steps }, next);
}

/** The series with a pause, or born late. */
function interrupted({ name, samples: values }: FixtureSeries, random: Random): FixtureSeries {
  const from = random.chance(0.5) ? 0 : random.int(values.length);
  const to = from + 5 + random.int(values.length / 3);
  return { name, samples: values.map((value, index) => (index >= from && index < to ? null : value)) };
}
