import type { SyntaxNode } from '@lezer/common';
import type { Grouping, Matcher, Matching, MatchOperator, VectorSelector } from './ast.ts';
import { type Converter, parts, span } from './convert.ts';

/** A selector with all its matchers; null after an error. */
export function convertSelector(converter: Converter, node: SyntaxNode): VectorSelector | null {
  const identifier = node.getChild('Identifier');
  const block = node.getChild('LabelMatchers');
  let name = identifier === null ? null : converter.slice(identifier);
  const matchers: Matcher[] = [];
  for (const part of block === null ? [] : parts(block)) {
    if (part.name === 'QuotedLabelName') {
      const quoted = quotedName(converter, part);
      if (name !== null) converter.fail(part, `the metric name ${name} is already set`);
      name = quoted ?? name;
      continue;
    }
    const matcher = convertMatcher(converter, part);
    if (matcher !== null) matchers.push(matcher);
  }
  if (name === null && !matchers.some(matchesNothingEmpty)) {
    converter.fail(node, 'a selector needs a metric name or a matcher that does not match the empty string');
    return null;
  }
  return { kind: 'selector', ...span(node), name, matchers, offset: null, at: null };
}

function matchesNothingEmpty({ op, value }: Matcher): boolean {
  switch (op) {
    case '=':
      return value !== '';
    case '!=':
      return value === '';
    default:
      return matchesEmpty(value) === (op === '!~');
  }
}

function matchesEmpty(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test('');
  } catch {
    return false;
  }
}

function convertMatcher(converter: Converter, node: SyntaxNode): Matcher | null {
  const [label, op, literal] = parts(node);
  if (label === undefined || op === undefined || literal === undefined) return null;
  const name = label.name === 'QuotedLabelName' ? quotedName(converter, label) : converter.slice(label);
  const value = converter.string(literal);
  if (name === null || value === null) return null;
  return { ...span(node), label: name, op: converter.slice(op) as MatchOperator, value };
}

/** The clause of `on` or `ignoring`, with what `group_left` or `group_right` adds. */
export function convertMatching(converter: Converter, node: SyntaxNode): Matching {
  const all = parts(node);
  const [labels, include] = all.filter((part) => part.name === 'GroupingLabels');
  const has = (name: string) => all.some((part) => part.name === name);
  return {
    ...span(node),
    on: has('On'),
    labels: labelNames(converter, labels),
    group: has('GroupLeft') ? 'left' : has('GroupRight') ? 'right' : null,
    include: labelNames(converter, include),
  };
}

/** The `by` or `without` of an aggregation. */
export function convertGrouping(converter: Converter, node: SyntaxNode): Grouping {
  const all = parts(node);
  const by = all.some((part) => part.name === 'By');
  return {
    ...span(node),
    by,
    labels: labelNames(
      converter,
      all.find((part) => part.name === 'GroupingLabels'),
    ),
  };
}

function labelNames(converter: Converter, node: SyntaxNode | undefined): string[] {
  if (node === undefined) return [];
  return parts(node).flatMap((part) => {
    const name = part.name === 'QuotedLabelName' ? quotedName(converter, part) : converter.slice(part);
    return name === null ? [] : [name];
  });
}

function quotedName(converter: Converter, node: SyntaxNode): string | null {
  return converter.string(node.firstChild ?? node);
}
