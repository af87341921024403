import { CARD } from '../../card.ts';
import { parseDurationMs } from '../../units.ts';
import { checkExpectation, checkPattern } from '../rules/patterns.ts';
import { checkHeaders } from '../rules/secrets.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';
import type { ProbeLoader } from './loader.ts';

/** Some providers refuse fewer (BerriAI/litellm#26610). */
const MIN_MAX_TOKENS = 16;

/** What the schema cannot see: where such a probe makes sense, and that its paid part can be kept within its budget. */
export const checkLlmProbe: ProbeLoader<'llm'>['check'] = (context, path, document, service) => {
  const { generation, route } = document;
  const { report } = context;
  checkExpectation(context, [...path, 'expect'], document.expect);
  if (route === undefined && service.kind !== 'llm') {
    report(
      [...path, 'kind'],
      `needs a service of kind llm, this is ${service.kind}`,
      'give it a route:, or use kind: http',
    );
  }
  if (route !== undefined) {
    const at = [...path, 'route'];
    for (const other of ['generation', 'path', 'expect'] as const) {
      if (document[other] === undefined) continue;
      report([...path, other], 'does not go together with route', 'write a probe of its own under probes:', {
        part: 'key',
      });
    }
    checkExpectation(context, [...at, 'expect'], route.expect);
    checkHeaders(context, [...at, 'headers'], route.headers);
    for (const [name, pattern] of Object.entries(route.providers)) {
      checkPattern(context, [...at, 'providers', name], pattern);
    }
    if (route.providers[route.expectProvider] === undefined) {
      const names = Object.keys(route.providers);
      const near = suggest(route.expectProvider, names);
      const fix = near ? `did you mean ${near}?` : `use one of ${names.join(', ')}, or name it there`;
      report([...at, 'expectProvider'], 'is not among providers', fix);
    }
    checkMoney(route.budget.usdPerDay, route.usdPerMillionTokens, [...at, 'budget', 'usdPerDay']);
  }
  if (generation === undefined || service.kind !== 'llm') return;
  const at = [...path, 'generation'];
  if (path.at(-1) === 'probe' && service.probes?.generation !== undefined) {
    report(at, 'makes a target of the name of probes: generation', 'give that probe another name', { part: 'key' });
  }
  checkPattern(context, [...at, 'expectText'], generation.expectText);
  checkPattern(context, [...at, 'expectModel'], generation.expectModel);
  checkMoney(generation.budget.usdPerDay, service.llm.usdPerMillionTokens, [...at, 'budget', 'usdPerDay']);
  if (generation.maxTokens !== undefined && generation.maxTokens < MIN_MAX_TOKENS) {
    report(
      [...at, 'maxTokens'],
      `must be at least ${MIN_MAX_TOKENS}`,
      'some providers refuse fewer, and models that reason have none left',
    );
  }
  const timeoutMs = generation.timeout === undefined ? CARD.generation.timeoutMs : parseDurationMs(generation.timeout);
  const first = generation.firstTokenWithin ?? service.llm.firstTokenWithin;
  if (first !== undefined && parseDurationMs(first) > timeoutMs) {
    const place = generation.firstTokenWithin === undefined ? 'timeout' : 'firstTokenWithin';
    report([...at, place], 'the first token may come after the timeout', `set timeout above ${first}`);
  }

  function checkMoney(usdPerDay: number | undefined, prices: object | undefined, place: Path): void {
    if (usdPerDay === undefined || prices !== undefined) return;
    report(place, 'needs prices to be kept', 'set usdPerMillionTokens: { input: ..., output: ... }');
  }
};
