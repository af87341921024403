import { walk } from '../../promql/ast.ts';
import { joinConflict } from '../analysis/join.ts';
import type { Check } from './finding.ts';
import { whole } from './rewrite.ts';

/** An `unless` whose sides never match takes nothing away. */
export const idleUnless: Check = {
  severity: 'advice',
  title: '`unless` whose sides never match',
  detect: ({ expr, all }) =>
    [...walk(expr)].flatMap((node) => {
      const conflict = node.kind === 'binary' && node.op === 'unless' ? joinConflict(node, all.recordFacts) : null;
      if (node.kind !== 'binary' || conflict === null) return [];
      return [
        {
          at: whole(node.opSpan),
          explanation: `${conflict.why} So unless takes nothing away.`,
          fix: 'name the labels that both sides share with unless on (...)',
        },
      ];
    }),
};
