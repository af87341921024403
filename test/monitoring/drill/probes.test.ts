import { describe, expect, test } from 'vitest';
import { planDrill } from '../../../monitoring/drill/case.ts';
import { caseClock, holdMs } from '../../../monitoring/drill/clock.ts';
import { predict } from '../../../monitoring/drill/predict.ts';
import { drillSpec, probedPart, probeTimes } from '../../../monitoring/drill/probes.ts';
import { sharesGroup } from '../../../monitoring/drill/shared-group.ts';
import type { Fault } from '../../../thresholds/faults.ts';
import { catalogueOf, SHOP } from '../support.ts';
import { CLOCK, caseOf } from './support.ts';

const LLM = `  - id: model
    kind: llm
    address: 'fleet:'
    scrape: false
    llm: {api: openai, model: small, basePath: /v1, firstTokenWithin: 4s}
    probe: {kind: llm, generation: {timeout: 20s, gapWithin: 3s, budget: {tokensPerDay: 100}}}
    endpoints: [{id: ask, prompt: 'Say ok', maxTokens: 8}]
`;
const TLS = `  - id: web
    kind: http
    address: 'fleet+tls:'
    endpoints: [{path: /health, expect: {json: {$.status: ok}}}]
`;
const catalogue = catalogueOf(SHOP.replace('alerts:\n', `${LLM}${TLS}alerts:\n`));
const { cases } = planDrill(catalogue);
const byKind = (kind: Fault['kind']) => {
  const found = cases.find(({ sight, fault }) => sight.by === 'probe' && fault.kind === kind);
  if (found === undefined || found.sight.by !== 'probe') throw new Error(`no case of ${kind}`);
  return { ...found, sight: found.sight };
};

describe('a fault that only probes see is at a service that can have it', () => {
  test.each([
    ['refusing', 'ProbeFailing', 'web', ['ServiceDown']],
    ['hanging', 'ProbeFailing', 'web', ['ServiceDown']],
    ['wrong-body', 'ProbeFailing', 'web', []],
    ['expired-certificate', 'CertificateExpiresVerySoon', 'web', ['CertificateExpiring', 'ServiceDown']],
    ['slow-first-token', 'LlmSlowFirstToken', 'model', []],
    ['stalled-stream', 'ProbeFailing', 'model', []],
    ['truncated-stream', 'ProbeFailing', 'model', []],
  ] as const)('%s: %s of %s', (kind, alert, service, consequences) => {
    const found = byKind(kind);
    expect(found).toMatchObject({ alert: { name: alert, system: 'shop' }, service, fault: { kind, service } });
    expect(found.alert.consequences).toEqual(expect.arrayContaining([...consequences]));
  });

  test('a system without such services has no such case', () => {
    const kinds = planDrill(catalogueOf(SHOP)).cases.flatMap(({ sight, fault }) =>
      sight.by === 'probe' ? [fault.kind] : [],
    );
    expect(kinds).toEqual(['refusing', 'hanging']);
  });

  test('a first token is late by the limit of its alert, and half of it is no matter', () => {
    const { fault, nearMiss } = byKind('slow-first-token');
    expect([fault.delayMs, nearMiss?.delayMs]).toEqual([3_200, 1_600]);
  });
});

describe('a probe on the faster clock', () => {
  const { spec } = byKind('hanging').sight;

  test('looks as often as it does while its target fails, and waits long enough for a busy machine', () => {
    expect(spec).toMatchObject({ intervalMs: 30_000, recheckMs: 10_000, timeoutMs: 5_000 });
    expect(drillSpec(spec, CLOCK)).toMatchObject({ intervalMs: 250, recheckMs: null, timeoutMs: 2_000 });
    expect(drillSpec({ ...spec, timeoutMs: 1_000 }, CLOCK).timeoutMs).toBe(1_000);
  });

  test('of a model keeps the promise of the first token and has no budget', () => {
    const model = drillSpec(byKind('stalled-stream').sight.spec, CLOCK);
    expect(model).toMatchObject({
      intervalMs: 500,
      firstTokenWithinMs: 4_000,
      gapWithinMs: 1_000,
      budget: { tokensPerDay: Number.POSITIVE_INFINITY },
    });
  });

  test('is there for each service with a fault, and for no other', () => {
    const [system] = probedPart(catalogue, [byKind('stalled-stream')], CLOCK).systems;
    expect(system?.services.map(({ id }) => id)).toEqual(['model']);
    expect([...(system?.services[0]?.furtherProbes.values() ?? [])].map(({ intervalMs }) => intervalMs)).toEqual([500]);
  });
});

describe('when a probe sees a fault', () => {
  const times = (kind: Fault['kind'], lookMs = 40) => {
    const { sight, fault } = byKind(kind);
    return probeTimes(sight, fault, lookMs, CLOCK);
  };

  test.each([
    ['the look under way, two that fail, two scrapes', 'refusing', 40 + 2 * (250 + 40) + 500],
    ['two that hang until their timeout', 'hanging', 40 + 2 * (250 + 2_040) + 500],
    ['two that wait for the next token', 'stalled-stream', 40 + 2 * (500 + 1_040) + 500],
    ['one with a late token', 'slow-first-token', 40 + (500 + 3_240) + 500],
    ['one certificate', 'expired-certificate', 40 + (250 + 40) + 500],
  ] as const)('%s', (_, kind, onsetMs) => {
    expect(times(kind).onsetMs).toBe(onsetMs);
  });

  test('it is over after the look under way and two good ones', () => {
    expect(times('hanging').recoveryMs).toBe(2_040 + 2 * (250 + 40) + 500);
  });

  test('it cannot be told when the probe saw no success in health', () => {
    const health = { requestsPerSecond: null, lookMs: null };
    expect(predict({ drillCase: byKind('refusing'), clock: CLOCK, health, groupKnown: false })).toEqual({
      impossible: expect.stringContaining('no success in health'),
    });
  });

  test.each([
    ['refusing', 60, 1_000],
    ['expired-certificate', 300, 2_000],
    ['slow-first-token', 600, 2_000],
  ] as const)('a long hold of %s passes faster: %sx', (kind, compression, held) => {
    const drillCase = byKind(kind);
    const clock = caseClock(drillCase, CLOCK);
    expect([clock.compression, holdMs(drillCase.alert, clock)]).toEqual([compression, held]);
  });

  test('what Prometheus scrapes stays on the clock of the drill', () => {
    expect(caseClock(caseOf('HighLatency'), CLOCK)).toBe(CLOCK);
  });
});

test('who shares a notification group with what another case may fire waits for its interval', () => {
  expect(sharesGroup(catalogue, byKind('truncated-stream'), cases)).toBe(true);
  const alone = byKind('truncated-stream');
  expect(sharesGroup(catalogue, alone, [alone])).toBe(false);
  const certificate = byKind('expired-certificate');
  expect(sharesGroup(catalogue, certificate, cases)).toBe(false);
});
