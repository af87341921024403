import type { SystemDashboard } from '../system-dashboard.ts';
import { BASIC_SYSTEM_METRICS } from './basic.ts';
import { SYSTEM_OVERVIEW } from './overview.ts';
import { PERFORMANCE_SLA } from './sla.ts';
import { TOOL_MONITORING } from './tools.ts';

/** The dashboards of the MCP tools. */
export const MCP_TOOLS: readonly SystemDashboard[] = [
  SYSTEM_OVERVIEW,
  TOOL_MONITORING,
  PERFORMANCE_SLA,
  BASIC_SYSTEM_METRICS,
];
