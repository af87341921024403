import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSyntheticDrill } from '../../../../scripts/drill/synthetic/drill.ts';
import type { SyntheticDrillOptions, SyntheticDrillResult } from '../../../../scripts/drill/synthetic/types.ts';
import { ProcessScope } from '../../../../scripts/process/scope.ts';
import { resolveTools } from '../../../../scripts/tools/resolve.ts';

/** Routes with a receiver for each severity; critical alerts inhibit warnings of the same system. */
export const ROUTES = `
route:
  receiver: mail
  group_by: [alertname, environment]
  group_wait: 30s
  group_interval: 5m
  routes:
    - matchers: [severity="critical"]
      receiver: pager
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning"]
    equal: [system, environment]
receivers:
  - name: mail
    webhook_configs: [{url: 'http://127.0.0.1/'}]
  - name: pager
    webhook_configs: [{url: 'http://127.0.0.1/'}]
`;

export const DOWN = `
groups:
  - name: services
    rules:
      - alert: ServiceDown
        expr: up{system="shop"} == 0
        for: 5m
        labels: {severity: critical, system: shop}
        annotations: {summary: '{{ $labels.instance }} is "down"'}
`;

/** Drills rules on real programs, in a folder of its own. */
export async function drill(
  rules: string,
  { routes = ROUTES, ...more }: Partial<SyntheticDrillOptions> & { routes?: string } = {},
): Promise<SyntheticDrillResult> {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-synthetic-'));
  const signal = more.signal ?? AbortSignal.timeout(170_000);
  const scope = more.scope ?? new ProcessScope();
  try {
    const tools = await resolveTools(['prometheus', 'promtool', 'alertmanager'], { env: process.env, signal });
    const source = {
      files: [{ path: 'rules.yml', text: rules }],
      alertmanager: { path: 'alertmanager.yml', text: routes },
    };
    return await runSyntheticDrill({ ...source, tools, dir, ...more, scope, signal });
  } finally {
    await scope.stopAll();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What should be deployed, beside what is. */
export function reference(rules: string, routes = ROUTES): Pick<SyntheticDrillOptions, 'reference'> {
  const source = {
    files: [{ path: 'rules.yml', text: rules }],
    alertmanager: { path: 'alertmanager.yml', text: routes },
  };
  return { reference: source };
}
