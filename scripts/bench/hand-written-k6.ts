import { LOAD_METRIC } from '../../thresholds/names.ts';
import type { K6Options } from '../load/k6-options.ts';

/**
 * The script that somebody who knows k6 well would write by hand for the same job: the same scenarios, scenario tags, system
 * tags, thresholds and one check of status and body, but no plan, no evidence, no counting of slow answers and exceptions.
 * Its options stand in the script, as the documentation of k6 has it.
 */
export function handWrittenScript(options: K6Options, baseUrl: string, paths: readonly string[]): string {
  const thresholds = Object.fromEntries(
    Object.entries(options.thresholds).filter(
      ([metric]) => !Object.values(LOAD_METRIC).some((own) => metric.startsWith(own)),
    ),
  );
  const scenarios = Object.fromEntries(
    Object.entries(options.scenarios).map(([name, scenario], index) => [
      name,
      { ...scenario, exec: 'ask', env: { TARGET: baseUrl + (paths[index] ?? '/') } },
    ]),
  );
  return `import { check } from 'k6';
import http from 'k6/http';

export const options = ${JSON.stringify({ ...options, scenarios, thresholds }, null, 2)};

const params = { headers: { Accept: 'application/json' }, timeout: '5s' };

export function ask() {
  const response = http.get(__ENV.TARGET, params);
  check(response, {
    'answers as expected': (r) => r.status === 200 && r.json('ok') === true,
  });
}
`;
}
