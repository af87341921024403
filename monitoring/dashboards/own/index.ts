import { ALERT_DRILLS } from './drills.ts';
import { LLM_PROVIDERS } from './llm.ts';
import { LOAD_RUNS } from './load.ts';
import type { OwnDashboard } from './own-dashboard.ts';
import { PROBES } from './probes.ts';
import { SLA } from './sla.ts';

/** Dashboards over all systems. */
export const OWN_DASHBOARDS: readonly OwnDashboard[] = [SLA, PROBES, LLM_PROVIDERS, LOAD_RUNS, ALERT_DRILLS];
