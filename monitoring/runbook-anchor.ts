/** The heading of an alert in the runbook. Names recur between systems, so the system is part of it. */
export function runbookHeading({ system, name }: { system: string; name: string }): string {
  return `${system} ${name}`;
}

/** The anchor that Markdown viewers give the heading. */
export function runbookAnchor(alert: { system: string; name: string }): string {
  return runbookHeading(alert).toLowerCase().replaceAll('.', '').replaceAll(' ', '-');
}
