import { compilePattern } from '../../witness/labels/pattern.ts';
import type { LabelMatcher, Labels } from './routing.ts';

const MATCHER = /^\s*("(?:[^"\\]|\\.)*"|[^\s"=!~]+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|[^"]*?)\s*$/s;

/** A matcher, ready to be used. */
export function labelMatcher(label: string, op: LabelMatcher['op'], value: string): LabelMatcher {
  return { label, op, value, pattern: op === '=' || op === '!=' ? null : compilePattern(value) };
}

/** Matchers as Alertmanager takes them: `severity="critical"`, `team=~a|b`, `{a="b", c!="d"}`; null for what it refuses. */
export function parseMatchers(text: string): LabelMatcher[] | null {
  const inner = text.trim().replace(/^\{(.*)\}$/s, '$1');
  const parts = inner.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  const matchers: LabelMatcher[] = [];
  for (const part of parts) {
    if (part.trim() === '') continue;
    const [, label = '', op = '', value = ''] = MATCHER.exec(part) ?? [];
    if (label === '') return null;
    matchers.push(labelMatcher(unquote(label), op as LabelMatcher['op'], unquote(value)));
  }
  return matchers;
}

/** Whether an alert passes all matchers; a label that it does not have is ''. A pattern that cannot be compiled lets none pass. */
export function matches(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every(({ label, op, value, pattern }) => {
    const has = labels[label] ?? '';
    if (op === '=' || op === '!=') return (has === value) === (op === '=');
    return (pattern?.test(has) ?? false) === (op === '=~');
  });
}

/** A matcher as one writes it in a file. */
export function printMatcher({ label, op, value }: LabelMatcher): string {
  return `${label}${op}${JSON.stringify(value)}`;
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => (c === 'n' ? '\n' : c)) : text;
}
