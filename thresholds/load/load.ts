import type { CatalogueDocument } from '../document/document.ts';
import { parseHostAndPort } from '../host-and-port.ts';
import type { Catalogue } from '../model.ts';
import { type CheckedFile, checkMeaning } from './meaning.ts';
import { type Problem, type SourceFile, sortProblems } from './problem.ts';
import { resolveSystem } from './resolve.ts';
import { resolveMuteTimes, resolveOperations, resolveReceiver } from './resolve-routing.ts';
import { interpolate, parseSource } from './source.ts';
import { checkStructure } from './structure.ts';

export interface LoadOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The environment to use; null for the one that the files' own addresses stand for. */
  environment?: string | null;
}

/** A catalogue, or every problem of every file. */
export type LoadResult = { ok: true; catalogue: Catalogue } | { ok: false; problems: Problem[] };

/**
 * Reads a catalogue from its files: variables filled in, structure and meaning checked, defaults applied, the environment's overlay
 * laid on. Problems are collected over all files and never thrown.
 */
export function loadCatalogue(files: readonly SourceFile[], options: LoadOptions): LoadResult {
  const problems: Problem[] = [];
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const { source, problems: syntax } = parseSource(file);
    problems.push(...syntax);
    if (syntax.length > 0) continue;
    const chosen = options.environment ?? declaredEnvironment(source.document.get('environment'));
    problems.push(...interpolate(source, options.env, chosen));
    const structure = checkStructure(source);
    problems.push(...structure.problems);
    checked.push({ source, document: structure.document, pruned: structure.pruned });
  }
  const environment = options.environment ?? declaredEnvironment(checked.find(isSystem)?.document.environment);
  problems.push(...checkMeaning(checked, environment, files));
  if (problems.length > 0) return { ok: false, problems: sortProblems(problems) };
  return {
    ok: true,
    catalogue: {
      environment,
      systems: checked.filter(isSystem).map(({ source, document }) => resolveSystem(source, document, environment)),
      connectivity: checked.flatMap(({ document }) =>
        (document.connectivity ?? []).flatMap((text) => parseHostAndPort(text) ?? []),
      ),
      operations: resolveOperations(
        checked.find(({ document }) => document.operations !== undefined)?.document.operations,
      ),
      muteTimes: checked.flatMap(({ document }) => resolveMuteTimes(document.muteTimes)),
      receivers: checked.flatMap(({ document }) =>
        Object.entries(document.receivers ?? {}).map(([name, receiver]) => resolveReceiver(name, receiver)),
      ),
    },
  };
}

function declaredEnvironment(value: unknown): string {
  return typeof value === 'string' ? value : 'sim';
}

function isSystem(file: CheckedFile): file is CheckedFile & { document: CatalogueDocument & { system: string } } {
  return file.document.system !== undefined;
}
