import { type RuleFindings, sortFindings } from './findings/find.ts';
import type { Finding } from './findings/finding.ts';
import type { AlertRow, Evidence, FindingRow } from './report.ts';
import { placeIn } from './rule-file/model.ts';
import type { WitnessResult } from './witness/types.ts';

/** An alert with its evidence. */
export function alertRow(entry: RuleFindings, { witness, mutants, tests }: Evidence): AlertRow {
  const { file, group, rule } = entry;
  const found = witness?.outcome === 'found' ? witness.witness : null;
  return {
    file,
    line: rule.place.line,
    group: group.name,
    alert: rule.name,
    severity: rule.labels.get('severity')?.text ?? null,
    witness: found === null ? 'none' : 'found',
    reason: reasonOf(entry, witness),
    nearMissSilent: found === null || found.alwaysFires ? null : found.near !== null,
    findings: withImpossibility(entry, witness).map(findingRow),
    mutants,
    tests,
  };
}

function reasonOf({ expr, findings }: RuleFindings, witness: WitnessResult | null): string {
  if (expr === null) return 'not PromQL';
  // A join on labels that series are expected to have can be met by series without them.
  if (witness?.outcome === 'found' && findings.some(({ id }) => id === 'cannot-fire'))
    return 'fires only for series without the labels that its expression names';
  const proof = witness === null ? undefined : findings.find(({ id }) => id === 'cannot-fire');
  if (proof !== undefined) return `cannot fire: ${proof.explanation.replace(/ The alert can never fire\.$/, '')}`;
  switch (witness?.outcome) {
    case undefined:
      return 'not looked for';
    case 'found':
      return witness.witness.alwaysFires ? 'fires whatever the data' : '';
    case 'impossible':
      return `cannot fire: ${witness.reason}`;
    case 'unsupported':
      return `not supported: ${witness.construct}`;
    case 'gaveUp':
      return `gave up after ${witness.after}`;
  }
}

/** The search for a witness shows more alerts to be unable to fire than the reading of the expression does. */
function withImpossibility({ rule, findings }: RuleFindings, witness: WitnessResult | null): readonly Finding[] {
  if (witness?.outcome !== 'impossible' || findings.some(({ id }) => id === 'cannot-fire')) return findings;
  const { at, reason } = witness;
  const finding: Finding = {
    id: 'cannot-fire',
    severity: 'error',
    place: placeIn(rule.expr, at.from),
    length: at.to - at.from,
    explanation: `${reason.replace(/\.?$/, '.')} The alert can never fire.`,
    fix: null,
    related: [],
  };
  return sortFindings([...findings, finding]);
}

/** A finding as data. */
export function findingRow({ id, severity, place, length, explanation, fix, related }: Finding): FindingRow {
  return {
    id,
    severity,
    line: place.line,
    column: place.column,
    length,
    explanation,
    fix,
    related: related.map((other) => ({ name: other.name, file: other.place.file, line: other.place.line })),
  };
}
