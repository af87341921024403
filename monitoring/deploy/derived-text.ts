import { parse } from 'yaml';

/** Derived files by path below `monitoring/generated/`, for what packs them up for a place to run. */
export type GeneratedTexts = ReadonlyMap<string, string>;

/**
 * The text of a derived file.
 * @throws Error when nothing derives it: whoever asks is wrong, not the catalogue.
 */
export function generatedText(texts: GeneratedTexts, path: string): string {
  const text = texts.get(path);
  if (text === undefined) throw new Error(`nothing derives ${path}`);
  return text;
}

/** Files that Alertmanager reads secrets from, each once, in the order of `alertmanager.yml`: every setting whose name ends in `_file`. */
export function secretFiles(alertmanagerText: string): string[] {
  const found = new Set<string>();
  walk(parse(alertmanagerText), (key, value) => {
    if (key.endsWith('_file') && typeof value === 'string') found.add(value);
  });
  return [...found];
}

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    visit(key, child);
    walk(child, visit);
  }
}
