import { templateActions } from '../rule-file/template.ts';
import type { Observation } from './observation.ts';

/** What a rule has to say besides its expression when it is to be told from its mutants. */
export interface Lean {
  /** Labels with constant values that nothing but the rule gives: they may stay out, and are known all the same. */
  constants: Readonly<Record<string, string>>;
  /** Names of the annotations that can tell more than the labels do. */
  annotations: readonly string[];
}

/**
 * What rule and mutants of an observation need to say. Prometheus works out each label and annotation as a template, for each alert at each
 * evaluation, which takes as long as a small expression.
 */
export function leanOf({ rule, plain, witness, mutants, trial }: Observation): Lean {
  const own = new Set(
    [rule.labels, ...mutants.map(({ change }) => change.labels ?? {})].flatMap((labels) => Object.keys(labels)),
  );
  const carried = new Set(
    [...trial.series, ...witness.recordingRules].flatMap(({ labels }) => Object.keys(labels ?? {})),
  );
  const expressions = [
    rule.expr,
    ...mutants.map(({ change }) => change.expr ?? ''),
    ...witness.recordingRules.map(({ expr }) => expr),
  ];
  const constants = Object.entries(rule.labels).filter(
    ([name, value]) =>
      value !== '' &&
      !value.includes('{{') &&
      !carried.has(name) &&
      !expressions.some((expression) => expression.includes(name)),
  );
  const annotations = Object.entries(plain.annotations ?? {}).filter(([, text]) => !labelsDecide(text, own));
  return { constants: Object.fromEntries(constants), annotations: annotations.map(([name]) => name) };
}

/** Whether a template says nothing but labels that the alert has from its expression. */
function labelsDecide(text: string, own: ReadonlySet<string>): boolean {
  const actions = templateActions(text);
  if (actions.length !== text.split('{{').length - 1) return false;
  return actions.every(({ words }) => {
    const [first = '', ...more] = words.map((word) => word.text).filter((word) => word !== '-');
    const name = /^(?:\$labels|\.Labels)\.(\w+)$/.exec(first)?.[1];
    const piped = more.every((word, index) =>
      index % 2 === 0 ? word === '|' : /^\w+$/.test(word) && word !== 'query',
    );
    return name !== undefined && !own.has(name) && name !== '__name__' && piped;
  });
}
