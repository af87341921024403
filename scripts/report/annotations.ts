import { isAbsolute, relative, resolve } from 'node:path';
import { OUTCOMES_WORST_FIRST } from '../../thresholds/outcome.ts';
import type { Verdict } from '../../thresholds/verdict.ts';
import { describeVerdict, type Finding } from './describe.ts';
import { workflowCommand } from './workflow-command.ts';

/** GitHub shows ten of each kind at a step. */
const SHOWN = 10;

/**
 * Workflow commands by which GitHub shows at file and line what did not hold: errors, and warnings for what could not be judged. Empty outside
 * of GitHub Actions.
 */
export function renderAnnotations(verdict: Verdict, env: NodeJS.ProcessEnv): string[] {
  if (env.GITHUB_ACTIONS !== 'true') return [];
  const root = env.GITHUB_WORKSPACE ?? process.cwd();
  const findings = describeVerdict(verdict);
  const wrong = OUTCOMES_WORST_FIRST.filter((outcome) => outcome !== 'pass').flatMap((outcome) =>
    findings.filter((finding) => finding.outcome === outcome),
  );
  const kinds = Map.groupBy(wrong, ({ outcome }) => (outcome === 'inconclusive' ? 'warning' : 'error'));
  return [...kinds].flatMap(([kind, own]) => own.slice(0, SHOWN).map((finding) => command(kind, finding, root)));
}

function command(kind: 'error' | 'warning', { subject, evidence, outcome, place }: Finding, root: string): string {
  const [, file = '', line = ''] = /^(.*?):(\d+)(?::\d+)?$/.exec(place ?? '') ?? [];
  const properties = {
    ...(file === '' ? {} : { file: inRepository(file, root), line }),
    title: `${outcome}: ${subject.replaceAll(/ {2,}/g, ' ')}`,
  };
  return workflowCommand(kind, properties, evidence);
}

/** GitHub takes paths from the root of the repository; others are left as they are. */
function inRepository(file: string, root: string): string {
  const path = relative(root, resolve(file));
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}
