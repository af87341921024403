import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DrillOptions } from '../../../scripts/drill/drill.ts';
import type { Fleet } from '../../../scripts/fleet/fleet-types.ts';
import { startFleetProcess } from '../../../scripts/fleet/process.ts';
import type { ManagedProcess } from '../../../scripts/process/managed.ts';
import { ProcessScope, type ScopeStartOptions } from '../../../scripts/process/scope.ts';
import { resolveTools } from '../../../scripts/tools/resolve.ts';
import type { Catalogue } from '../../../thresholds/model.ts';
import { catalogueOf, SHOP } from '../../monitoring/support.ts';

const RECEIVERS = SHOP.slice(SHOP.indexOf('receivers:'), SHOP.indexOf('routing:'));

/** One system for each name, all alike; each keeps only the alert that the name maps to. */
export function shops(alertBySystem: Readonly<Record<string, string>>): Catalogue {
  const texts = Object.keys(alertBySystem).map((system) =>
    SHOP.replace(RECEIVERS, '').replace('system: shop', `system: ${system}`),
  );
  const catalogue = catalogueOf(RECEIVERS, ...texts);
  for (const system of catalogue.systems) {
    system.alerts = system.alerts.filter(({ name }) => name === alertBySystem[system.id]);
  }
  return catalogue;
}

/** A scope whose processes a test can kill. */
export class OpenScope extends ProcessScope {
  readonly #started: ManagedProcess[] = [];

  override async start(options: ScopeStartOptions): Promise<ManagedProcess> {
    const child = await super.start(options);
    this.#started.push(child);
    return child;
  }

  kill(name: string): void {
    const child = this.#started.find((each) => each.name === name);
    if (child === undefined) throw new Error(`no ${name} was started`);
    process.kill(child.pid, 'SIGKILL');
  }
}

/** A fleet of the catalogue, a scope and a folder for a drill; all gone when the test is over. */
export async function drillOptions(catalogue: Catalogue): Promise<DrillOptions & { scope: OpenScope; fleet: Fleet }> {
  const dir = await mkdtemp(join(tmpdir(), 'firedrill-drill-'));
  const scope = new OpenScope();
  const fleet = await startFleetProcess({ catalogue, ports: 'free', certificateDir: dir });
  onTestFinished(async () => {
    await scope.stopAll();
    await fleet.stop();
    await rm(dir, { recursive: true, force: true });
  });
  const tools = await resolveTools(['prometheus', 'alertmanager']);
  return { catalogue, fleet, tools, scope, dir, signal: new AbortController().signal };
}
