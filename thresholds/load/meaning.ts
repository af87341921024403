import type { CatalogueDocument } from '../document/document.ts';
import type { Problem, SourceFile } from './problem.ts';
import { MEANING_RULES } from './rules/rules.ts';
import { locate, type Path, type Source } from './source.ts';

/** A file that passed the structure check, or what is left of it. */
export interface CheckedFile {
  source: Source;
  document: CatalogueDocument;
  /** Parts with structural problems were taken out: a name that seems unknown may have stood there. */
  pruned: boolean;
}

/** What a rule sees: one file, all files, and a way to report. */
export interface MeaningContext {
  file: CheckedFile;
  all: readonly CheckedFile[];
  environment: string;
  report: (path: Path, rule: string, fix: string, options?: { part?: 'key' | 'value'; secret?: true }) => void;
}

/** A rule on the meaning of a catalogue that the schema cannot express. */
export type MeaningRule = (context: MeaningContext) => void;

/** Applies every rule to every file. */
export function checkMeaning(
  checked: readonly CheckedFile[],
  environment: string,
  files: readonly SourceFile[],
): Problem[] {
  const problems: Problem[] = [];
  for (const file of checked) {
    const report: MeaningContext['report'] = (path, rule, fix, options) => {
      problems.push({
        ...locate(file.source, path, options?.part),
        rule,
        fix,
        ...(options?.secret === undefined ? {} : { secret: options.secret }),
      });
    };
    for (const rule of MEANING_RULES) rule({ file, all: checked, environment, report });
  }
  if (
    problems.length === 0 &&
    checked.length === files.length &&
    !checked.some(({ document, pruned }) => pruned || document.system !== undefined)
  ) {
    const file = files[0]?.path ?? '.';
    const place = { file, line: 1, column: 1, length: 1, path: '' };
    problems.push({ ...place, rule: 'the catalogue holds no system', fix: 'write a file with system: and services:' });
  }
  return problems;
}
