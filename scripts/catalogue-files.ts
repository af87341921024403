import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadOptions, loadCatalogue } from '../thresholds/load/load.ts';
import { renderProblem, type SourceFile } from '../thresholds/load/problem.ts';
import type { Catalogue } from '../thresholds/model.ts';
import { UsageError } from './usage-error.ts';

/** The folder of the catalogue that comes with firedrill: the five simulated systems. */
export const BUILT_IN_CATALOGUE = fileURLToPath(new URL('../thresholds/catalogue', import.meta.url));

/**
 * Every YAML file directly in a folder, by name; or the one file, if the path is a file.
 * @throws UsageError when there is nothing to read.
 */
export function readCatalogueFiles(path: string): SourceFile[] {
  let names: string[];
  try {
    names = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => /\.ya?ml$/.test(name))
          .sort()
          .map((name) => join(path, name))
      : [path];
    if (names.length === 0)
      throw new UsageError(`no catalogue in ${path}`, 'name a folder that holds *.yaml files with --catalogue DIR');
    return names.map((name) => ({ path: relative(process.cwd(), name), text: readFileSync(name, 'utf8') }));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the catalogue ${path}: ${reason}`, 'name a folder or a file with --catalogue');
  }
}

/**
 * The checked catalogue of a folder or file.
 * @throws UsageError that shows every problem of every file.
 */
export function openCatalogue(path: string, options: LoadOptions): Catalogue {
  const files = readCatalogueFiles(path);
  const result = loadCatalogue(files, options);
  if (result.ok) return result.catalogue;
  const count = result.problems.length === 1 ? '1 problem' : `${result.problems.length} problems`;
  throw new UsageError(
    `${result.problems.map((problem) => renderProblem(problem, files)).join('\n\n')}\n\n${count} in the catalogue`,
    null,
  );
}
