import { isMap, isNode, isSeq, type Node } from 'yaml';
import type { Problem, SourceFile } from '../../../../thresholds/load/problem.ts';
import { type ParsedText, parseText, placeOfOffset } from '../../rule-file/documents.ts';
import { labelMatcher, parseMatchers } from './matchers.ts';
import type { InhibitRule, LabelMatcher, RouteNode, Routing } from './routing.ts';

/** More aliases than this in a configuration are an attack on memory. */
const MAX_ALIASES = 1_000;

/** Reads routes, inhibition and receivers of an Alertmanager file; everything that keeps it from being one is a problem with its place. */
export function readRouting(source: SourceFile): Routing | Problem[] {
  const { parsed, problems } = parseText(source);
  if (problems.length > 0) return problems;
  const reader = new ConfigReader(source, parsed);
  const routing = reader.read();
  return routing === null || reader.problems.length > 0 ? reader.problems : routing;
}

type Plain = Record<string, unknown>;

class ConfigReader {
  readonly problems: Problem[] = [];
  readonly #source: SourceFile;
  readonly #parsed: ParsedText;
  #receivers: string[] = [];

  constructor(source: SourceFile, parsed: ParsedText) {
    this.#source = source;
    this.#parsed = parsed;
  }

  read(): Routing | null {
    const document = this.#parsed.documents[0];
    let content: unknown;
    try {
      content = document?.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      return this.#report(1, '', 'aliases make this file far larger than it is written', 'use fewer aliases');
    }
    if (!isPlain(content) || !isPlain(content.route)) {
      return this.#report(1, 'route', 'there is no route', 'give a configuration of Alertmanager');
    }
    this.#receivers = list(content.receivers).flatMap((each) => (isPlain(each) ? text(each.name) : []));
    const route = isMap(document?.contents) ? document.contents.get('route', true) : undefined;
    const top = content.route;
    if (text(top.receiver).length === 0) {
      return this.#report(this.#lineOf(route), 'route.receiver', 'the top route has no receiver', 'name one there');
    }
    const root = this.#route(top, route, { receiver: '', groupBy: [] }, 'route');
    const rules = isMap(document?.contents) ? document.contents.get('inhibit_rules') : undefined;
    const inhibitRules = list(content.inhibit_rules).map((rule, index) =>
      this.#inhibit(
        isPlain(rule) ? rule : {},
        isSeq(rules) ? rules.items[index] : undefined,
        `inhibit_rules[${index}]`,
      ),
    );
    return { path: this.#source.path, root, inhibitRules, receivers: this.#receivers };
  }

  #route(route: Plain, node: unknown, parent: Pick<RouteNode, 'receiver' | 'groupBy'>, path: string): RouteNode {
    const line = this.#lineOf(node);
    const receiver = text(route.receiver)[0] ?? parent.receiver;
    if (!this.#receivers.includes(receiver)) {
      this.#report(line, `${path}.receiver`, `no receiver is named ${receiver}`, 'name one of receivers');
    }
    const groupBy = route.group_by === undefined ? parent.groupBy : list(route.group_by).flatMap(text);
    const taken = { receiver, groupBy };
    const children = isMap(node) ? node.get('routes') : undefined;
    return {
      ...taken,
      own: { receiver: text(route.receiver).length > 0, groupBy: route.group_by !== undefined },
      line,
      matchers: this.#matchers(route, 'match', 'match_re', 'matchers', { line, path }),
      continue: route.continue === true,
      routes: list(route.routes).map((child, index) =>
        this.#route(
          isPlain(child) ? child : {},
          isSeq(children) ? children.items[index] : undefined,
          taken,
          `${path}.routes[${index}]`,
        ),
      ),
    };
  }

  #inhibit(rule: Plain, node: unknown, path: string): InhibitRule {
    const line = this.#lineOf(node);
    return {
      line,
      source: this.#matchers(rule, 'source_match', 'source_match_re', 'source_matchers', { line, path }),
      target: this.#matchers(rule, 'target_match', 'target_match_re', 'target_matchers', { line, path }),
      equal: list(rule.equal).flatMap(text),
    };
  }

  /** The three ways to write matchers: by value, by pattern, and as text. */
  #matchers(of: Plain, equal: string, pattern: string, texts: string, { line, path }: { line: number; path: string }) {
    const pairs = (value: unknown, op: LabelMatcher['op']) =>
      Object.entries(isPlain(value) ? value : {}).map(([label, each]) => labelMatcher(label, op, String(each)));
    const written = list(of[texts]).flatMap((each) => {
      const parsed = parseMatchers(String(each));
      if (parsed === null) {
        this.#report(line, `${path}.${texts}`, `${String(each)} is no matcher`, 'write label="value"');
      }
      return parsed ?? [];
    });
    return [...pairs(of[equal], '='), ...pairs(of[pattern], '=~'), ...written];
  }

  #lineOf(node: unknown): number {
    const range = isNode(node) ? (node as Node).range : undefined;
    return range ? placeOfOffset(this.#parsed.lines, range[0]).line : 1;
  }

  #report(line: number, path: string, rule: string, fix: string): null {
    this.problems.push({ file: this.#source.path, line, column: 1, length: 1, path, rule, fix });
    return null;
  }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string[] {
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
