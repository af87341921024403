import { placeIn } from '../rule-file/model.ts';
import { valueReferences } from '../rule-file/template.ts';
import type { Check } from './finding.ts';

/** A label that holds the value makes a new alert of every evaluation. */
export const valueInLabels: Check = {
  severity: 'error',
  title: '`$value` in a label',
  detect: ({ rule }) =>
    rule.kind === 'record'
      ? []
      : [...rule.labels].flatMap(([label, text]) =>
          valueReferences(text.text)
            .slice(0, 1)
            .map(({ from, to }) => ({
              at: { ...placeIn(text, from), length: to - from },
              explanation: `The label ${label} changes with the value, and labels are the identity of an alert: each change is a new alert that waits for \`for\` again, and the old one resolves.`,
              fix: `show the value in an annotation instead of the label ${label}`,
            })),
        ),
};
