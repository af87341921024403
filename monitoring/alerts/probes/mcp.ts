import type { System } from '../../../thresholds/model.ts';
import { PROBE_METRIC } from '../../../thresholds/names.ts';
import { selector } from '../../promql/text.ts';
import type { Draft } from '../draft.ts';
import { BY_TARGET, systemMatcher, targetsOfKind } from './targets.ts';

/** Tools of MCP servers that are gone or have changed; none for a system without such servers. */
export function mcpAlerts(system: System): Draft[] {
  const targets = targetsOfKind(system, 'mcp');
  const own = systemMatcher(system);
  const common = { severity: 'warning' as const, forMs: 2 * 60_000 };
  const required = targets.some(({ spec }) => spec.tools.length > 0);
  const pinned = targets.some(({ spec }) => Object.keys(spec.schemas).length > 0);
  return [
    ...(required
      ? [
          {
            ...common,
            name: 'McpToolMissing',
            objective: 'mcp-tools',
            expr: `max ${BY_TARGET} (${selector(PROBE_METRIC.mcpToolsMissing, [own])}) > 0`,
            summary: '{{ $value }} tool(s) of {{ $labels.target }} are missing',
            description:
              '{{ $labels.target }} answers, and {{ $value }} of the tools that the catalogue requires are not in its list.',
            guidance: {
              meaning: `An MCP server of ${system.title} does not list a tool that it promises.`,
              impact:
                'Models that rely on the tool work without it, often unnoticed: answers get worse rather than fail.',
              checks: [
                'The failed run of the prober names the tools: status page, or `firedrill probe --once`.',
                'Was the server just deployed, with another version of the tool or its package?',
                'Behind a proxy such as mcpo: did the server behind it start?',
              ],
              fix: 'Roll back the server, or bring the tool back. A tool that was taken away on purpose is taken out of the catalogue.',
            },
            consequences: ['ProbeFailing'],
            shownOn: { dashboard: 'Probes', panel: 'MCP tools missing' },
          },
        ]
      : []),
    ...(pinned
      ? [
          {
            ...common,
            name: 'McpSchemaChanged',
            objective: 'mcp-schemas',
            expr: `max ${BY_TARGET} (${selector(PROBE_METRIC.mcpSchemaChanged, [own])}) == 1`,
            summary: 'The schema of a tool of {{ $labels.target }} has changed',
            description:
              'A tool of {{ $labels.target }} takes other arguments than those that the catalogue has pinned (changed: {{ $value }}).',
            guidance: {
              meaning: `Name or input schema of a tool of ${system.title} differ from the hash in the catalogue.`,
              impact:
                'Clients and prompts that were written for the old arguments may fail, and a changed description may be an attack on the models that read it.',
              checks: [
                'The failed run of the prober names the tool and its new hash.',
                'Was the change meant, and by whom was it reviewed?',
              ],
              fix: 'Meant: review it and pin the new hash. Not meant: roll the server back and find out where the change came from.',
            },
            consequences: ['ProbeFailing'],
            shownOn: { dashboard: 'Probes', panel: 'MCP tools missing' },
          },
        ]
      : []),
  ];
}
