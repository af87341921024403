import { distribution, rates } from '../panels.ts';
import type { SystemDashboard } from '../system-dashboard.ts';

const LLM = 'llm';
const REQUESTS = 'llm_generation_requests_total';
const ERRORS = 'llm_generation_errors_total';

/** Generation of cards. */
export const LLM_SERVICE: SystemDashboard = {
  title: 'LLM Service',
  file: 'llm-service.json',
  description: 'Generated flashcards: how many, how well, how fast.',
  subject: 'up',
  panels: (metrics) => [
    {
      title: 'Generation request metrics',
      visualisation: 'line',
      description: 'Requests for cards a second, and those that run now.',
      unit: 'reqps',
      queries: [
        { expr: metrics.rate(REQUESTS), legend: 'requests' },
        {
          expr: metrics.select('llm_active_generations'),
          legend: 'running',
          unit: 'short',
          shows: { service: LLM, kind: 'slow', delayMs: 3_000 },
        },
      ],
      shows: { service: LLM, kind: 'traffic' },
    },
    {
      title: 'Model performance',
      visualisation: 'line',
      description: 'Cards a second, and the share of requests that the model answered.',
      unit: 'ops',
      queries: [
        {
          expr: metrics.rate('llm_flashcards_generated_total'),
          legend: 'cards',
          shows: { service: LLM, kind: 'traffic' },
        },
        {
          expr: `1 - ${metrics.rate(ERRORS)} / (${metrics.rate(REQUESTS)} > 0)`,
          legend: 'answered',
          unit: 'percentunit',
        },
      ],
      shows: { service: LLM, kind: 'errors', share: 0.3 },
    },
    distribution(metrics, 'llm_generation_duration_seconds', {
      title: 'Response time analysis',
      description: 'Generations by their time.',
      shows: { service: LLM, kind: 'slow', delayMs: 3_000 },
    }),
    rates(metrics, ERRORS, ['type'], {
      title: 'Error tracking',
      description: 'Failed generations a second, by cause.',
      unit: 'ops',
      shows: { service: LLM, kind: 'errors', share: 0.3 },
    }),
  ],
};
