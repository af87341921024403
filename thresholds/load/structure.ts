import type { z } from 'zod';
import { type CatalogueDocument, document as documentSchema } from '../document/document.ts';
import type { Problem } from './problem.ts';
import { locate, type Path, type Source } from './source.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks a file against the schema and reports every violation. What remains after taking the violating parts out is returned too, so
 * that the rules on meaning can look at the rest in the same run.
 */
export function checkStructure(source: Source): { document: CatalogueDocument; pruned: boolean; problems: Problem[] } {
  let raw: unknown;
  try {
    raw = source.document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const rule = `not YAML: ${error instanceof Error ? error.message : String(error)}`;
    return {
      document: {},
      pruned: true,
      problems: [
        { ...locate(source, []), rule, fix: 'name anchors before they are used, and use fewer than 100 of them' },
      ],
    };
  }
  const problems: Problem[] = [];
  const remaining = raw ?? {};
  const replaced = new Set<string>();
  for (;;) {
    const result = documentSchema.safeParse(remaining);
    if (result.success) return { document: result.data, pruned: problems.length > 0, problems };
    const issues = result.error.issues.flatMap((issue) => flatten(issue, []));
    if (problems.length === 0) problems.push(...issues.flatMap((issue) => explain(source, raw, issue)));
    const pruned = prune(
      remaining,
      replaced,
      issues.map((issue) => [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])]),
    );
    if (!pruned) return { document: {}, pruned: true, problems };
  }
}

/** A union's own message says little: take the branch that came nearest. */
function flatten(issue: Issue, prefix: Path): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0 || !issue.message.startsWith('Invalid')) {
    return [{ ...issue, path }];
  }
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner, path)));
  const reaching = branches.filter((errors) =>
    errors.some((inner) => inner.path.length > path.length || inner.code === 'unrecognized_keys'),
  );
  const candidates = reaching.length > 0 ? reaching : branches;
  return candidates.reduce((best, errors) => (badness(errors) < badness(best) ? errors : best));
}

function badness(issues: Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function explain(source: Source, raw: unknown, issue: Issue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.message.replace(/^.*allowed: /, '').split(', ');
    return issue.keys.map((key) => {
      const near = suggest(key, allowed);
      return {
        ...locate(source, [...issue.path, key], 'key'),
        rule: `unknown key ${JSON.stringify(key)}; allowed: ${allowed.join(', ')}`,
        fix: near ? `did you mean ${near}?` : 'remove it',
      };
    });
  }
  const value = valueAt(raw, issue.path);
  const place = locate(source, issue.path);
  if (issue.message.startsWith('a secret must')) {
    return [{ ...place, rule: issue.message, fix: 'name the variable or the file that holds it', secret: true }];
  }
  const { rule, fix } = describe(issue, value);
  if (value === undefined) {
    const key = String(issue.path.at(-1) ?? 'value');
    return [{ ...place, rule: `${key} is missing`, fix: `add ${key}: it ${rule}` }];
  }
  const seen = typeof value === 'object' ? '' : `, not ${shorten(value)}`;
  return [{ ...place, rule: `${rule}${seen}`, fix }];
}

/** The rule that an issue stands for, and what to write instead. */
function describe(issue: Issue, value: unknown): { rule: string; fix: string } {
  switch (issue.code) {
    case 'invalid_type': {
      const hint = issue.expected === 'string' && typeof value === 'number' ? `, such as ${value}ms or "${value}"` : '';
      return {
        rule: `must be a value of type ${issue.expected}`,
        fix: `write a value of type ${issue.expected}${hint}`,
      };
    }
    case 'invalid_value':
      return oneOf(issue.values.map(String), value);
    case 'invalid_union':
      return oneOf(
        [...issue.message.matchAll(/'([^']+)'/g)].map(([, name = '']) => name),
        value,
      );
    case 'too_small': {
      const bound = `${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}`;
      return { rule: `must be ${bound}`, fix: `write ${bound}` };
    }
    case 'too_big':
      return { rule: `must be at most ${String(issue.maximum)}`, fix: `write at most ${String(issue.maximum)}` };
    case 'invalid_key': {
      const rule = `the key ${issue.issues[0]?.message ?? 'is not allowed here'}`;
      return { rule, fix: 'rename the key' };
    }
    default:
      return { rule: issue.message, fix: imperative(issue.message) };
  }
}

/** `must be a duration` says what to write; `must start with /` what to do. */
function imperative(rule: string): string {
  return rule
    .replace(/^must be /, 'write ')
    .replace(/^must (\w+)/, '$1 it')
    .replace(/^needs /, 'give ');
}

function oneOf(options: readonly string[], value: unknown): { rule: string; fix: string } {
  const near = suggest(String(value), options);
  const list = options.join(', ');
  return { rule: `must be one of ${list}`, fix: near ? `did you mean ${near}?` : `write one of ${list}` };
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], root);
}

/**
 * Values that stand in for a required one that is wrong, so that the rest of its service or alert is still checked in the same run.
 */
const NEUTRAL: Readonly<Record<string, unknown>> = {
  address: 'fleet:',
  severity: 'info',
  objective: 'x',
  summary: 'x',
  description: 'x',
  condition: { kind: 'target-down' },
  path: '/',
};

/** Takes the value at each path out; where there is none, the object that lacks it. False when nothing is left to take. */
function prune(root: unknown, replaced: Set<string>, paths: Path[]): boolean {
  let taken = false;
  // The last array elements first, so that the indexes of the earlier ones stay true.
  for (const path of paths.toSorted((a, b) => comparePaths(b, a))) {
    const name = String(path.at(-1));
    const owner = valueAt(root, path.slice(0, -1)) as Record<string, unknown> | undefined;
    const place = path.join('/');
    // Once for each place: where the neutral value does not help either, the value has to go.
    if (name in NEUTRAL && owner !== undefined && !replaced.has(place)) {
      replaced.add(place);
      owner[name] = NEUTRAL[name];
      taken = true;
      continue;
    }
    let target = path;
    while (target.length > 0 && valueAt(root, target) === undefined) target = target.slice(0, -1);
    const key = target.at(-1);
    if (key === undefined) continue;
    const parent = valueAt(root, target.slice(0, -1));
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete (parent as Record<PropertyKey, unknown>)[key];
    taken = true;
  }
  return taken;
}

function comparePaths(a: Path, b: Path): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    if (a[i] === b[i]) continue;
    if (typeof a[i] === 'number' && typeof b[i] === 'number') return Number(a[i]) - Number(b[i]);
    return String(a[i]).localeCompare(String(b[i]));
  }
  return a.length - b.length;
}
