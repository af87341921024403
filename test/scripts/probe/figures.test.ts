import { expect, it } from 'vitest';
import type { ProbeFacts } from '../../../probes/result.ts';
import { factFigures } from '../../../scripts/probe/figures.ts';

it.each<[ProbeFacts, string | null]>([
  [{}, null],
  [{ rows: 1 }, '1 row'],
  [{ rows: 0 }, '0 rows'],
  [{ dns: { answers: 2, authorities: 0, additionals: 1 } }, '2 answers'],
  [{ dns: { answers: 1, authorities: 0, additionals: 1, serial: 7 } }, '1 answer, serial 7'],
  [{ grpc: { status: 0, serving: 'SERVING' } }, 'SERVING'],
  [{ grpc: {} }, null],
  [{ heartbeat: { limitSeconds: 65 } }, null],
  [{ heartbeat: { limitSeconds: 65, durationSeconds: 90 } }, 'the work took 90 s'],
  [{ prometheus: { warnings: [] } }, null],
  [{ prometheus: { warnings: ['partial'], series: 1, value: 4.5 } }, '1 series, value 4.5, warning: partial'],
  [{ prometheus: { warnings: [], targets: { up: 2, down: 1, unknown: 1 } } }, '2 of 4 targets up'],
  [{ prometheus: { warnings: [], rules: { ok: 3, err: 1, unknown: 0 } } }, '4 rules, 1 with errors'],
])('%j reads as %s', (facts, text) => {
  expect(factFigures(facts)).toBe(text);
});
