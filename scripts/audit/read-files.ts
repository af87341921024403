import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../monitoring/audit/rule-file/documents.ts';
import type { Problem, SourceFile } from '../../thresholds/load/problem.ts';
import { displayPath } from '../run/folder.ts';
import { UsageError } from '../usage-error.ts';

/** What the arguments of a command name: the files that could be read, and why others could not. */
export interface FilesRead {
  files: SourceFile[];
  problems: Problem[];
}

/** Names under which rule files are kept in a folder. */
const IN_FOLDER = '**/*.{yaml,yml,json,rules}';

/**
 * Reads rule files by path, pattern or folder; each file once, sorted within its argument. A file that is no text or far too large is a
 * problem, and the other files go on.
 * @throws UsageError for a path or pattern that names nothing.
 */
export function readFiles(args: readonly string[]): FilesRead {
  const paths = new Set(args.flatMap(expand));
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const shown = displayPath(path);
    const read = readText(path);
    if ('text' in read) files.push({ path: shown, text: read.text });
    else problems.push({ file: shown, line: 1, column: 1, length: 1, path: '', ...read });
  }
  return { files, problems };
}

function expand(argument: string): string[] {
  const stats = statSync(argument, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) return [argument];
  const found =
    stats === undefined
      ? globSync(argument)
      : globSync(IN_FOLDER, { cwd: argument }).map((name) => join(argument, name));
  const files = found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile()).sort();
  if (files.length === 0) {
    const what = stats === undefined ? 'there is no file' : 'there is no *.yaml, *.yml, *.json or *.rules file in';
    throw new UsageError(
      `${what} ${argument}`,
      'name rule files, a folder that holds some, or a quoted pattern such as "rules/*.yaml"',
    );
  }
  return files;
}

function readText(path: string): { text: string } | { rule: string; fix: string } {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) {
      const [mb, most] = [size, MAX_FILE_BYTES].map((bytes) => (bytes / 1e6).toFixed(0));
      return { rule: `the file has ${mb} MB; at most ${most} MB are read`, fix: 'split it into several rule files' };
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    if (error instanceof TypeError) return { rule: 'the file is not UTF-8 text', fix: 'give YAML text in UTF-8' };
    const reason = error instanceof Error ? error.message : String(error);
    return { rule: `it cannot be read: ${reason}`, fix: 'name a readable file' };
  }
}
