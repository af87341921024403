import { checkPattern } from '../rules/patterns.ts';
import type { ProbeLoader } from './loader.ts';
import { checkLogin } from './login.ts';

const DEFAULT_QUERY = 'SELECT 1';

export const postgresLoader: ProbeLoader<'postgres'> = {
  resolve: (document, timing) => ({
    ...timing,
    kind: 'postgres',
    user: document.user ?? null,
    database: document.database ?? null,
    sslmode: document.sslmode ?? 'disable',
    query: document.query ?? DEFAULT_QUERY,
    expectValue: document.expect?.value ?? (document.query === undefined ? '^1$' : null),
    expectRows: { min: document.expect?.rows?.min ?? 0, max: document.expect?.rows?.max ?? null },
    role: document.role ?? null,
  }),
  check(context, path, document, service) {
    checkPattern(context, [...path, 'expect', 'value'], document.expect?.value);
    checkLogin(context, path, service, ['basic', 'bearer']);
    const { min = 0, max } = document.expect?.rows ?? {};
    if (max !== undefined && max < min) {
      context.report([...path, 'expect', 'rows', 'max'], `is below min (${min})`, 'no answer could have so many rows');
    }
  },
};
