import type { Catalogue, System } from '../../../thresholds/model.ts';
import type { AlertGroup } from '../derived-alert.ts';
import { type Draft, draftAlert, systemOwner } from '../draft.ts';
import { availabilityAlerts } from './availability.ts';
import { certificateAlerts } from './certificates.ts';
import { heartbeatAlerts } from './heartbeat.ts';
import { llmAlerts } from './llm.ts';
import { mcpAlerts } from './mcp.ts';

/** What probes can tell, one file each; a further one is a line here. */
const ASPECTS: readonly ((system: System) => Draft[])[] = [
  availabilityAlerts,
  certificateAlerts,
  mcpAlerts,
  llmAlerts,
  heartbeatAlerts,
];

/** Alerts on what the prober sees of each system. */
export function probeGroups({ systems }: Catalogue): AlertGroup[] {
  return systems.map((system) => ({
    name: `firedrill-${system.id}-probes`,
    system: system.id,
    intervalMs: null,
    recordings: [],
    alerts:
      system.services.length === 0
        ? []
        : ASPECTS.flatMap((aspect) => aspect(system)).map((draft) => draftAlert(systemOwner(system), draft)),
  }));
}
