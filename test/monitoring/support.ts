import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CommandResult, runCommand } from '../../scripts/process/run-command.ts';
import { resolveTool } from '../../scripts/tools/resolve.ts';
import type { ToolName } from '../../scripts/tools/tool.ts';
import { loadCatalogue } from '../../thresholds/load/load.ts';
import type { Catalogue } from '../../thresholds/model.ts';

/** A catalogue out of its text; a wrong one fails the test with its problems. */
export function catalogueOf(...texts: string[]): Catalogue {
  const files = texts.map((text, index) => ({ path: `catalogue-${index}.yaml`, text }));
  const result = loadCatalogue(files, { env: {} });
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.catalogue;
}

/** A small system with one alert of each kind of condition. */
export const SHOP = `
system: shop
title: Web shop
team: shop
receivers:
  slack: {type: slack, channel: '#alerts', apiUrl: {variable: SLACK_API_URL}}
  discord: {type: discord, webhookUrl: {variable: DISCORD_URL}}
  email: {type: email, to: a@example.com, from: b@example.com, smarthost: 'smtp.example.com:587', username: b, password: {file: /run/mail}}
  pagerduty: {type: pagerduty, routingKey: {file: /run/pager}}
  hook: {type: webhook, url: 'http://127.0.0.1:9/alerts'}
routing:
  receivers: [slack, discord]
  bySeverity: {critical: [email, pagerduty], info: [hook]}
services:
  - id: api
    kind: http
    address: 'fleet:'
    port: 8000
    endpoints: [{path: /items}]
    signals:
      requests: {metric: http_requests_total, errors: 'status=~"5.."'}
      duration: {metric: http_request_duration_seconds}
    metrics:
      - {name: http_requests_total, type: counter, labels: {status: $status}, sim: {on: requests, observe: one}}
      - name: http_request_duration_seconds
        type: histogram
        buckets: [0.1, 0.25, 0.5, 1, 2.5]
        sim: {on: requests, observe: duration}
      - {name: llm_requests_total, type: counter, labels: {provider: $provider, status: $outcome}}
alerts:
  - name: ServiceDown
    severity: critical
    for: 1m
    objective: availability
    condition: {kind: target-down}
    summary: '{{ $labels.service }} is down'
    description: 'up is {{ $value }}'
    fault: {service: api, kind: down}
    nearMiss: {service: api, kind: down, duration: 30s}
  - name: HighErrorRate
    severity: warning
    for: 2m
    objective: errors
    condition: {kind: error-share, above: 10%, window: 5m}
    summary: 'errors of {{ $labels.service }}'
    description: '{{ $value | humanizePercentage }} failed'
    fault: {service: api, kind: errors, share: 40%}
    nearMiss: {service: api, kind: errors, share: 4%}
  - name: HighLatency
    severity: info
    for: 5m
    service: api
    objective: latency
    condition: {kind: latency-quantile, quantile: 95%, above: 500ms, window: 5m}
    summary: 'slow {{ $labels.service }}'
    description: 'p95 is {{ $value }}'
    note: The lifetime of the process was judged before.
    fault: {service: api, kind: slow, delay: 700ms}
  - name: LLMProviderError
    severity: critical
    for: 1m
    service: api
    objective: llm
    condition: {kind: errors-seen, metric: llm_requests_total, where: 'status="error"', by: [provider], window: 5m}
    summary: '{{ $labels.provider }} fails'
    description: '{{ $value }} errors'
    fault: {service: api, kind: provider-errors}
`;

/** Runs one of the real tools in a folder with the given files. */
export async function runTool(
  tool: ToolName,
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  const { path } = await resolveTool(tool);
  return runCommand(path, args, { cwd: dir, timeoutMs: 30_000 });
}
