import colors from 'picocolors';
import { countOutcomes, hiddenOutcomes, OUTCOMES_WORST_FIRST, type Outcome } from '../../thresholds/outcome.ts';
import { type Verdict, verdictRows } from '../../thresholds/verdict.ts';
import { counted } from '../output.ts';
import { describeVerdict, type Finding } from './describe.ts';
import { wrap } from './text.ts';

type Paint = (text: string) => string;

const WIDTH = 80;
/** Findings of one outcome that are printed in full; the rest is in verdict.json. */
const SHOWN = 12;

/**
 * The end of a run at a glance: each row that did not pass with its evidence, the worst first, then one line of counts with the
 * folder and the exit code. 80 columns; colour only adds to words.
 */
export function renderVerdict(verdict: Verdict, folder: string, exitCode: number, color: boolean): string {
  const paint = painter(color);
  const findings = describeVerdict(verdict);
  const lines = OUTCOMES_WORST_FIRST.filter((outcome) => outcome !== 'pass').flatMap((outcome) =>
    renderGroup(
      outcome,
      findings.filter((finding) => finding.outcome === outcome),
      paint,
    ),
  );
  const rows = verdictRows(verdict);
  const counts = countOutcomes(rows);
  const hidden = hiddenOutcomes(rows);
  if (hidden.length > 0)
    lines.push(`  also ${hidden.map((outcome) => `${outcome}: ${counted(counts[outcome], 'row')}`).join(', ')}`);
  const tally = OUTCOMES_WORST_FIRST.toReversed()
    .map((outcome) => `${outcome} ${counts[outcome]}`)
    .join('   ');
  lines.push(paint[verdict.outcome](`  ${verdict.outcome.toUpperCase()}   ${tally}`));
  lines.push(`  ${`${folder}/verdict.json`.padEnd(WIDTH - 12)}${`exit ${exitCode}`.padStart(10)}`);
  return lines.join('\n');
}

function renderGroup(outcome: Outcome, findings: readonly Finding[], paint: Record<Outcome, Paint>): string[] {
  const lines = findings.slice(0, SHOWN).flatMap(({ subject, evidence, place }) => {
    const [first = '', ...rest] = wrap(subject, WIDTH - 16);
    return [
      `  ${paint[outcome](outcome.toUpperCase().padEnd(12))}  ${first}`,
      ...rest.map((line) => `${' '.repeat(16)}${line}`),
      ...evidence
        .split('\n')
        .flatMap((line) => wrap(line, WIDTH - 8))
        .map((line) => `        ${line}`),
      ...(place === null ? [] : [`        ${place}`]),
    ];
  });
  if (findings.length > SHOWN) lines.push(`        and ${findings.length - SHOWN} more rows: ${outcome}`);
  return lines;
}

function painter(color: boolean): Record<Outcome, Paint> {
  const { green, red, yellow, magenta } = colors.createColors(color);
  return { pass: green, fail: red, inconclusive: yellow, broken: magenta };
}
