import type { SystemDashboard } from '../system-dashboard.ts';
import { API_PERFORMANCE } from './api.ts';
import { CACHE_ANALYTICS } from './cache.ts';
import { DATABASE_HEALTH } from './database.ts';
import { LLM_SERVICE } from './llm.ts';

/** The dashboards of the AI personalization. */
export const PERSONALIZATION: readonly SystemDashboard[] = [
  API_PERFORMANCE,
  DATABASE_HEALTH,
  LLM_SERVICE,
  CACHE_ANALYTICS,
];
