import type { Catalogue } from '../thresholds/model.ts';
import { unwatchedPromises } from './alerts/burn/burn-groups.ts';
import type { DerivedAlert } from './alerts/derived-alert.ts';
import { deriveAlerts } from './alerts/groups.ts';
import { GENERATED } from './header.ts';
import { runbookHeading } from './runbook-anchor.ts';

/** `runbook.md`: for every alert its meaning, its impact, the first checks and the fix. */
export function deriveRunbook(catalogue: Catalogue): string {
  const sections = deriveAlerts(catalogue).map(section);
  const parts = [
    `<!-- ${GENERATED} -->`,
    '# Runbook',
    'What each alert means and where to start.',
    ...sections,
    ...unwatched(catalogue),
  ];
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

/** What is promised and no budget watches: silence there says nothing. */
function unwatched(catalogue: Catalogue): string[] {
  const rows = unwatchedPromises(catalogue).map(
    ({ target, promise, reason }) => `| ${target} | ${promise} | ${reason} |`,
  );
  if (rows.length === 0) return [];
  return [
    '# Promises without a budget',
    'No alert watches how fast these are used up. Load runs judge them all the same.',
    ['| service | promise | why |', '|---|---|---|', ...rows].join('\n'),
  ];
}

function section(alert: DerivedAlert): string {
  const { meaning, impact, checks, fix } = alert.guidance;
  return [
    `## ${runbookHeading(alert)}`,
    '',
    `**Meaning.** ${withoutTemplates(meaning)} Severity: ${alert.severity}.`,
    '',
    `**Impact.** ${withoutTemplates(impact)} Team: ${alert.team}.`,
    '',
    '**First checks**',
    '',
    ...checks.map((check, index) => `${index + 1}. ${check}`),
    '',
    `**Fix.** ${fix}`,
    '',
    ...(alert.note === null ? [] : [`*Note.* ${alert.note}`, '']),
  ].join('\n');
}

/**
 * A page has no values to fill in: `{{ $labels.service }}` becomes `<service>`, `{{ $value | ... }}` becomes `<value>`, and of a choice by
 * a label both sides are told.
 */
function withoutTemplates(text: string): string {
  return text
    .replaceAll(
      /\{\{ with \$labels\.(\w+) \}\}(.*?)(?:\{\{ else \}\}(.*?))?\{\{ end \}\}/g,
      (_, label: string, given: string, missing: string | undefined) =>
        [given.replaceAll('{{ . }}', `\`<${label}>\``), ...(missing === undefined ? [] : [missing])].join(' or '),
    )
    .replaceAll(/\{\{\s*\$(?:labels\.)?(\w+)[^}]*\}\}/g, '`<$1>`')
    .trim();
}
