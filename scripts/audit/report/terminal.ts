import colors from 'picocolors';
import type { AuditReport, FindingRow } from '../../../monitoring/audit/report.ts';
import { renderProblem, type SourceFile } from '../../../thresholds/load/problem.ts';
import { formatShare } from '../../../thresholds/units.ts';
import { counted } from '../../output.ts';
import { wrap } from '../../report/text.ts';
import { excerpt } from './excerpt.ts';
import { type LocatedFinding, locatedFindings } from './rows.ts';
import { coverageLines, locatedSurvivors, mutantsLine } from './survivors.ts';
import { survivorBlock } from './terminal-mutants.ts';

const WIDTH = 80;
const INDENT = 6;
/** Findings that are printed; the rest is in audit.json. */
const SHOWN_ERRORS = 50;
const SHOWN_ADVICE = 10;
/** Mutants that are printed: enough to begin with. */
const SHOWN_SURVIVORS = 8;
const SHOWN_FAULTS = 20;

/** The audit at a glance: what cannot be read, the errors with their source, advice in short, then one line of counts. */
export function renderAudit(
  report: AuditReport,
  files: readonly SourceFile[],
  exitCode: number,
  color: boolean,
): string {
  const paint = colors.createColors(color);
  const lines = new Map(files.map((file) => [file.path, file.text.split('\n')]));
  const found = locatedFindings(report);
  const errors = found.filter(({ severity }) => severity === 'error');
  const advice = found.filter(({ severity }) => severity === 'advice');
  const survivors = locatedSurvivors(report);
  const blocks = [
    ...report.problems.map((problem) => renderProblem(problem, files)),
    ...errors.slice(0, SHOWN_ERRORS).map((finding) => {
      const source = lines.get(finding.file)?.[finding.line - 1] ?? '';
      return [
        head(finding, paint.red),
        ...excerpt(source, finding.line, finding.column, finding.length, WIDTH),
        ...body(finding),
      ].join('\n');
    }),
    ...more(errors.length - SHOWN_ERRORS, 'error'),
    ...report.testFaults
      .slice(0, SHOWN_FAULTS)
      .map(({ id, file, line, alert, reason }) =>
        [
          `${file}:${line}  ${paint.red('error')}  ${id}${alert === null ? '' : `   ${alert}`}`,
          ...wrap(reason, WIDTH - INDENT).map((line) => `${' '.repeat(INDENT)}${line}`),
        ].join('\n'),
      ),
    ...more(report.testFaults.length - SHOWN_FAULTS, 'faulty test'),
    ...advice.slice(0, SHOWN_ADVICE).map((finding) => [head(finding, paint.yellow), ...body(finding)].join('\n')),
    ...more(advice.length - SHOWN_ADVICE, 'piece of advice'),
    ...survivors.slice(0, SHOWN_SURVIVORS).map((survivor) => survivorBlock(survivor, paint)),
    ...more(survivors.length - SHOWN_SURVIVORS, 'unnoticed mutant'),
    summary(report, exitCode, exitCode === 0 ? paint.green : paint.red),
  ];
  return blocks.join('\n\n');
}

/** `file:line:column  severity  id   rule`; a name that does not fit stands on its own line. */
function head({ file, line, column, severity, id, name }: LocatedFinding, paint: (text: string) => string): string {
  const plain = `${file}:${line}:${column}  ${severity}  ${id}`;
  const gap = plain.length + 3 + name.length > WIDTH ? `\n${' '.repeat(INDENT)}` : '   ';
  return `${plain.replace(`  ${severity}  `, `  ${paint(severity)}  `)}${gap}${name}`;
}

function body({ explanation, fix, related }: FindingRow): string[] {
  const texts = [
    explanation,
    ...(fix === null ? [] : [`fix: ${fix}`]),
    ...related.map((other) => `see ${other.file}:${other.line}  ${other.name}`),
  ];
  return texts.flatMap((text) => wrap(text, WIDTH - INDENT)).map((line) => `${' '.repeat(INDENT)}${line}`);
}

function more(count: number, noun: string): string[] {
  return count <= 0
    ? []
    : [`  and ${counted(count, noun).replace(/pieces? of advices?/, 'more of advice')}: see audit.json with --out DIR`];
}

function summary(report: AuditReport, exitCode: number, paint: (text: string) => string): string {
  const { rules, totals, testFaults, minScore, outcome } = report;
  const { files, alerts, records, problems, errors, advice, witnessed, nearMissSilent, testedScore } = totals;
  const mutants = mutantsLine(totals, formatShare);
  const looked = rules.some(({ reason }) => reason !== 'not looked for');
  const silent = rules.filter(({ nearMissSilent: seen }) => seen !== null).length;
  const lines = [
    `${counted(alerts, 'alert')} and ${counted(records, 'recording rule')} in ${counted(files, 'file')}`,
    ...(looked
      ? [`${witnessed} of ${alerts} alerts seen to fire, ${nearMissSilent} of ${silent} silent just beside it`]
      : []),
    ...(mutants === null ? [] : [mutants]),
    ...(testedScore === null || totals.mutants?.untested === 0
      ? []
      : [`over alerts with a test ${formatShare(testedScore)}`]),
    ...(minScore === null ? [] : [`asked for: at least ${formatShare(minScore)}`]),
    ...coverageLines(report),
  ];
  const verdict = { unread: 'NOT ALL READ', pass: 'CLEAN', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' }[outcome];
  const tally = [
    ...(problems > 0 ? [`${counted(problems, 'problem')}`] : []),
    counted(errors, 'error'),
    ...(testFaults.length > 0 ? [`${counted(testFaults.length, 'test')} at fault`] : []),
    `${advice} advice`,
  ].join('   ');
  const last = `  ${verdict}   ${tally}`;
  return [
    ...lines.flatMap((line) => wrap(line, WIDTH - 4)).map((line) => `  ${line}`),
    `${paint(last)}${`exit ${exitCode}`.padStart(Math.max(3, WIDTH - 2 - last.length))}`,
  ].join('\n');
}
