import { isNode, isSeq } from 'yaml';
import { z } from 'zod';
import type { Problem, SourceFile } from '../../../../thresholds/load/problem.ts';
import { parseText, placeOfOffset } from '../../rule-file/documents.ts';
import { givenTests } from './given-cases.ts';

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));
const schema = z.strictObject({
  routes: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        labels,
        receivers: z.array(z.string()).min(1),
        group_by: z.array(z.string()).optional(),
      }),
    )
    .default([]),
  inhibitions: z
    .array(
      z.strictObject({
        name: z.string().optional(),
        source: labels,
        target: labels,
        inhibited: z.boolean().default(true),
      }),
    )
    .default([]),
});

/** Reads routing cases that people wrote; what keeps the file from being one is a problem with its place. */
export function readRouteCases(source: SourceFile): ReturnType<typeof givenTests> | Problem[] {
  const { parsed, problems } = parseText(source);
  if (problems.length > 0) return problems;
  const document = parsed.documents[0];
  const lineAt = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = length === 0 ? document?.contents : document?.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return placeOfOffset(parsed.lines, node.range[0]).line;
    }
    return 1;
  };
  const result = schema.safeParse(document?.toJS({ maxAliasCount: 100 }));
  if (!result.success) {
    return result.error.issues.map(({ path, message }) => ({
      file: source.path,
      line: lineAt(path),
      column: 1,
      length: 1,
      path: path.map(String).join('.'),
      rule: message,
      fix: 'write routes: [{labels, receivers, group_by?}] and inhibitions: [{source, target, inhibited?}]',
    }));
  }
  const lines = (list: 'routes' | 'inhibitions') => {
    const node = document?.get(list);
    return isSeq(node) ? node.items.map((_, index) => lineAt([list, index])) : [];
  };
  const [routeLines, inhibitionLines] = [lines('routes'), lines('inhibitions')];
  const { routes, inhibitions } = result.data;
  if (routes.length + inhibitions.length === 0) {
    return [
      {
        file: source.path,
        line: 1,
        column: 1,
        length: 1,
        path: '',
        rule: 'there is no case in this file',
        fix: 'write routes: or inhibitions:',
      },
    ];
  }
  return givenTests(
    routes.map(({ name = null, group_by: groupBy = null, ...rest }, index) => ({
      ...rest,
      name,
      groupBy,
      line: routeLines[index] ?? 1,
    })),
    inhibitions.map(({ name = null, ...rest }, index) => ({ ...rest, name, line: inhibitionLines[index] ?? 1 })),
  );
}
