import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parse,
  parseDocument,
  Scalar,
  visit,
} from 'yaml';
import type { Place } from '../model.ts';
import type { Problem, SourceFile } from './problem.ts';

export type Path = readonly PropertyKey[];

/** A parsed file that can say where each value stands. */
export interface Source {
  file: SourceFile;
  document: Document;
  lines: LineCounter;
}

const VARIABLE = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Parses YAML and reports each syntax error with its place. */
export function parseSource(file: SourceFile): { source: Source; problems: Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines, merge: true, prettyErrors: false });
  const source = { file, document, lines };
  const problems = document.errors.map((error) => ({
    ...placeOf(source, error.pos[0]),
    length: Math.max(1, error.pos[1] - error.pos[0]),
    path: '',
    rule: `not YAML: ${error.message}`,
    fix: 'correct the syntax; quote text that holds : { } [ ] # or starts with a special character',
  }));
  return { source, problems };
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every string. `$${` stands for a literal `${`. In overlays of environments other than the
 * chosen one a variable without a value is no problem: it need not be set here.
 */
export function interpolate(
  source: Source,
  env: Readonly<Record<string, string | undefined>>,
  environment: string,
): Problem[] {
  const problems: Problem[] = [];
  visit(source.document, {
    Scalar: (key, node, ancestors) => {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const missing: string[] = [];
      const text = node.value.replace(
        VARIABLE,
        (whole, escaped: string, name: string, fallback: string | undefined) => {
          if (escaped !== '') return whole.slice(1);
          const value = env[name] || fallback;
          if (value === undefined) missing.push(name);
          return value ?? whole;
        },
      );
      for (const name of isForeignOverlay(ancestors, environment) ? [] : missing) {
        problems.push({
          ...placeOf(source, node.range?.[0] ?? 0),
          length: `\${${name}}`.length,
          path: '',
          rule: `the environment variable ${name} is not set and has no default`,
          fix: `set ${name}, or write \${${name}:-default}`,
        });
      }
      // `requests: ${N:-300}` must become a number, as it would without the variable; a quoted one stays text.
      node.value = node.type === Scalar.PLAIN ? plainValue(text) : text;
    },
  });
  return problems;
}

/** True below `environments: { OTHER: ... }`. */
function isForeignOverlay(ancestors: readonly unknown[], environment: string): boolean {
  const [top, overlay] = ancestors.filter(isPair).map((pair) => (isScalar(pair.key) ? pair.key.value : undefined));
  return top === 'environments' && overlay !== environment;
}

function plainValue(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null ? text : value;
  } catch {
    return text;
  }
}

/** Place, length and text of the value at a path, or of its key, or of the nearest parent that exists. */
export function locate(source: Source, path: Path, part: 'key' | 'value' = 'value'): Omit<Problem, 'rule' | 'fix'> {
  let node: Node | null = source.document.contents as Node | null;
  let span: readonly number[] = node?.range ?? [0, 1];
  for (const [depth, step] of path.entries()) {
    const container: Node | null = isAlias(node) ? (node.resolve(source.document) ?? null) : node;
    const last = depth === path.length - 1;
    if (isMap(container)) {
      const pair = container.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      const key = pair.key as Scalar;
      node = pair.value as Node | null;
      span = ((last && part === 'key') || !node?.range || isMap(node) || isSeq(node) ? key.range : node.range) ?? span;
    } else if (isSeq(container)) {
      const item = container.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      node = item;
      span = item.range ?? span;
    } else break;
  }
  const [start = 0, end = start + 1] = span;
  return {
    ...placeOf(source, start),
    length: Math.max(1, source.file.text.slice(start, end).split('\n')[0]?.trimEnd().length ?? 1),
    path: formatPath(path),
  };
}

/** The place of the value at a path. */
export function placeAt(source: Source, path: Path): Place {
  const { file, line, column } = locate(source, path, 'key');
  return { file, line, column };
}

function placeOf(source: Source, offset: number): Place {
  const { line, col } = source.lines.linePos(offset);
  return { file: source.file.path, line: Math.max(1, line), column: Math.max(1, col) };
}

function formatPath(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
