import type { Catalogue } from '../thresholds/model.ts';
import type { DerivedAlert } from './alerts/derived-alert.ts';
import { deriveAlerts } from './alerts/groups.ts';
import { GENERATED } from './header.ts';

/** The heading of an alert in the runbook. Names recur between systems, so the system is part of it. */
function heading({ system, name }: Pick<DerivedAlert, 'system' | 'name'>): string {
  return `${system} ${name}`;
}

/** The anchor that Markdown viewers give the heading. */
export function runbookAnchor(alert: Pick<DerivedAlert, 'system' | 'name'>): string {
  return heading(alert).toLowerCase().replaceAll('.', '').replaceAll(' ', '-');
}

/** `runbook.md`: for every alert its meaning, its impact, the first checks and the fix. */
export function deriveRunbook(catalogue: Catalogue): string {
  const sections = deriveAlerts(catalogue).map(section);
  return `<!-- ${GENERATED} -->\n\n# Runbook\n\nWhat each alert means and where to start.\n\n${sections.join('\n')}`;
}

function section(alert: DerivedAlert): string {
  const { meaning, impact, checks, fix } = alert.guidance;
  return [
    `## ${heading(alert)}`,
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

/** A page has no values to fill in: `{{ $labels.service }}` becomes `<service>`, `{{ $value | ... }}` becomes `<value>`. */
function withoutTemplates(text: string): string {
  return text.replaceAll(/\{\{\s*\$(?:labels\.)?(\w+)[^}]*\}\}/g, '`<$1>`').trim();
}
