import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { Problem } from '../../../thresholds/load/problem.ts';
import type { Place } from '../../../thresholds/model.ts';
import { type ParsedText, placeOfOffset } from './documents.ts';
import type { PlacedText } from './model.ts';
import { placedText, scalarText } from './placed.ts';

/** A value of a map, under the key that names it. */
export interface Entry {
  key: string;
  keyNode: Node;
  value: Node | null;
}

/** Problems of one file that are told one by one. */
const MAX_PROBLEMS = 20;
/** How much of one file may be read again through aliases: far above any file by hand, far below what an alias bomb makes. */
const MAX_REPEATED_NODES = 50_000;

/** Reads the nodes of a parsed file: follows aliases, merges `<<`, and collects problems with their places. */
export class NodeReader {
  readonly problems: Problem[] = [];
  readonly #parsed: ParsedText;
  #untold = 0;
  #repeated = 0;

  constructor(parsed: ParsedText) {
    this.#parsed = parsed;
  }

  /** True once so much has been read through aliases that the file is made to exhaust its readers. */
  get exhausted(): boolean {
    return this.#repeated > MAX_REPEATED_NODES;
  }

  /** The node itself, or what the alias stands for; null for nothing, `~` and `null`. */
  follow(node: Node | null | undefined): Node | null {
    let target = node ?? null;
    while (isAlias(target)) {
      this.#repeated++;
      if (this.exhausted) return null;
      target = this.#parsed.aliases.get(target) ?? null;
    }
    return isScalar(target) && target.value === null ? null : target;
  }

  /** The entries of a map in order, those of `<<` last; null, with a problem, for anything else. Null stands for an empty map. */
  map(node: Node | null | undefined, path: string, what: string): Map<string, Entry> | null {
    const target = this.follow(node);
    if (target === null) return new Map();
    if (!isMap(target)) {
      this.report(
        node,
        path,
        `${what} must be a map of keys, not ${kindOf(target)}`,
        `write ${what} as key: value lines`,
      );
      return null;
    }
    return this.#entries(target, path, 0);
  }

  /** The items of a sequence; null, with a problem, for anything else. Null stands for an empty one. */
  list(node: Node | null | undefined, path: string, what: string): readonly (Node | null)[] | null {
    const target = this.follow(node);
    if (target === null) return [];
    if (!isSeq(target)) {
      this.report(
        node,
        path,
        `${what} must be a list, not ${kindOf(target)}`,
        `write each item of ${what} with a leading "- "`,
      );
      return null;
    }
    return target.items as (Node | null)[];
  }

  /** The text of a scalar with its places; null, with a problem, for a map or list. Null stands for an empty text. */
  text(entry: Entry, path: string): PlacedText | null {
    const target = this.follow(entry.value);
    const file = this.#parsed.file;
    if (target === null) {
      const { line, column } = this.placeOf(entry.keyNode);
      return { text: '', file: file.path, runs: [{ from: 0, line, column }] };
    }
    if (isScalar(target)) return placedText(target, file, this.#parsed.lines);
    this.report(
      entry.value,
      path,
      `must be text, not ${kindOf(target)}`,
      'write a single value; quote it if it starts with { or [',
    );
    return null;
  }

  placeOf(node: Node | null | undefined): Place {
    return { file: this.#parsed.file.path, ...placeOfOffset(this.#parsed.lines, node?.range?.[0] ?? 0) };
  }

  /** Adds a problem at a node, up to a number that a person can read. */
  report(node: Node | null | undefined, path: string, rule: string, fix: string): void {
    const [start = 0, end = start + 1] = node?.range ?? [];
    const shown =
      this.#parsed.file.text
        .slice(start, Math.min(end, start + 200))
        .split('\n')[0]
        ?.trimEnd().length ?? 1;
    this.reportAt({ ...this.placeOf(node), length: Math.max(1, shown) }, path, rule, fix);
  }

  /** Adds a problem at a place. */
  reportAt(place: Place & { length: number }, path: string, rule: string, fix: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ ...place, path, rule, fix });
    else this.#untold++;
  }

  /** Every problem, and how many more there are. */
  allProblems(): Problem[] {
    const last = this.problems.at(-1);
    if (last === undefined || this.#untold === 0) return this.problems;
    const fix = 'correct those above first';
    return [
      ...this.problems,
      { ...last, length: 1, path: '', rule: `and ${this.#untold} more problems in this file`, fix },
    ];
  }

  #entries(map: YAMLMap, path: string, depth: number): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Node[] = [];
    for (const { key, value } of map.items as { key: Node | null; value: Node | null }[]) {
      const keyNode = this.follow(key);
      if (!isScalar(keyNode)) {
        this.report(
          key,
          path,
          'a key must be text',
          'write a name before the colon; quote it if it starts with { or [',
        );
        continue;
      }
      const name = scalarText(keyNode as Scalar);
      if (name === '<<') merged.push(...this.#mergeSources(value));
      else if (entries.has(name)) {
        this.report(keyNode, path, `the key ${JSON.stringify(name)} is given twice`, 'keep one of them');
      } else entries.set(name, { key: name, keyNode, value });
    }
    for (const source of merged) {
      if (!isMap(source) || depth > 8 || this.exhausted) continue;
      this.#repeated += source.items.length;
      for (const [name, entry] of this.#entries(source, path, depth + 1))
        if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }

  #mergeSources(value: Node | null): Node[] {
    const target = this.follow(value);
    if (target === null) return [];
    return isSeq(target) ? target.items.flatMap((item) => this.follow(item as Node) ?? []) : [target];
  }
}

function kindOf(node: Node): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  return isScalar(node) ? JSON.stringify(scalarText(node).slice(0, 60)) : 'this';
}
