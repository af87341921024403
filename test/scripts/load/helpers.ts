import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadResult, type LoadRun, runLoad } from '../../../scripts/load/run-load.ts';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import type { LoadRow } from '../../../thresholds/verdict.ts';

/** A server on a free port of loopback, gone after the test. */
export async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers everything with 200 and `{"ok":true}`. */
export const healthy: RequestListener = (_, response) => {
  response.setHeader('content-type', 'application/json');
  response.end('{"ok":true}');
};

/** A smoke run of about a second by the real k6. */
export async function load(run: Pick<LoadRun, 'catalogue'> & { url: string } & Partial<LoadRun>): Promise<LoadResult> {
  const { url, ...given } = run;
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-load-'));
  const scope = new ProcessScope();
  onTestFinished(async () => {
    await scope.stopAll();
    await rm(dir, { recursive: true, force: true });
  });
  const services = run.catalogue.systems.flatMap((system) => system.services);
  return runLoad({
    addresses: new Map(services.map(({ target }) => [target, url])),
    profile: 'smoke',
    options: { durationMs: 1_000 },
    k6Path: (await resolveTool('k6')).path,
    scope,
    dir,
    prometheusUrl: null,
    caFile: null,
    env: {},
    signal: new AbortController().signal,
    ...given,
  });
}

/** The row of an objective. */
export function rowOf(result: LoadResult, objective: string, endpoint?: string): LoadRow | undefined {
  return result.rows.find(
    (row) => row.objective === objective && (endpoint === undefined || row.endpoint === endpoint),
  );
}
