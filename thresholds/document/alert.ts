import { z } from 'zod';
import { FAULT_KINDS } from '../faults.ts';
import { alertName, duration, metricName, percent, strict } from './common.ts';
import { condition } from './condition.ts';

export const SEVERITIES = ['critical', 'warning', 'info'] as const;

const fault = strict({
  service: z.string(),
  kind: z.enum(FAULT_KINDS),
  delay: duration.optional(),
  share: percent.optional(),
  metrics: z.array(metricName).optional(),
  duration: duration.optional(),
});

const drill = z
  .union([
    z.literal('full'),
    strict({ mode: z.enum(['firing', 'always', 'second-stack', 'excluded']), reason: z.string().min(1) }),
  ])
  .meta({ description: 'How far the alert is drilled. All but full need a reason.' });

const runbook = strict({
  impact: z.string().min(1).optional(),
  checks: z.array(z.string().min(1)).min(1).optional(),
  fix: z.string().min(1).optional(),
}).meta({ description: 'What the runbook says, where the text of its kind of condition is too general.' });

export const alert = strict({
  name: alertName,
  severity: z.enum(SEVERITIES),
  for: duration.optional(),
  keepFiringFor: duration.optional(),
  service: z
    .string()
    .optional()
    .meta({ description: 'The service it watches. Without it: every service of the system.' }),
  objective: z
    .string()
    .min(1)
    .meta({ description: 'Critical and warning of one objective share it; the critical inhibits the warning.' }),
  condition,
  summary: z.string().min(1),
  description: z.string().min(1),
  runbook: runbook.optional(),
  note: z.string().optional().meta({ description: 'What was wrong with the rule that this one replaces.' }),
  drill: drill.optional(),
  fault: fault.optional().meta({ description: 'The fault of the simulated fleet that must make it fire.' }),
  nearMiss: fault.optional().meta({ description: 'A fault just too weak or too short: it must stay silent.' }),
  consequences: z.array(alertName).optional().meta({ description: 'Other alerts that this fault rightly fires.' }),
});
