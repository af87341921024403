import { VARIABLE_PATTERN } from '../../carried.ts';
import type { ProbeDocumentOf } from '../../document/probe.ts';
import type { HttpStep } from '../../model.ts';
import type { MeaningContext } from '../meaning.ts';
import { resolveBody, resolveExpectation } from '../resolve-endpoint.ts';
import { checkExpectation, checkPattern } from '../rules/patterns.ts';
import { checkHeaders } from '../rules/secrets.ts';
import type { Path } from '../source.ts';
import { suggest } from '../suggest.ts';
import { checkCertificate, resolveCertificate } from './certificate.ts';
import type { ProbeLoader } from './loader.ts';

type StepDocument = NonNullable<ProbeDocumentOf<'http'>['steps']>[number];

/** Settings of a single request, which steps have each for themselves. */
const OF_A_REQUEST = ['method', 'path', 'headers', 'body', 'expect'] as const;

export const httpLoader: ProbeLoader<'http'> = {
  resolve(document, timing) {
    const [first, ...rest] = (document.steps ?? [document]).map(resolveStep);
    return {
      ...timing,
      kind: 'http',
      steps: [first ?? resolveStep({}), ...rest],
      mustRefuse: document.mustRefuse ?? false,
      certificate: document.certificate === undefined ? null : resolveCertificate(document.certificate),
      exports: document.export ?? [],
    };
  },
  check(context, path, document) {
    const { steps } = document;
    const known = new Set<string>();
    for (const [index, step] of (steps ?? [document]).entries()) {
      checkStep(context, steps === undefined ? path : [...path, 'steps', index], step, known);
    }
    checkCertificate(context, [...path, 'certificate'], document.certificate);
    for (const key of steps === undefined && !document.mustRefuse ? [] : OF_A_REQUEST) {
      if (document[key] === undefined) continue;
      if (document.mustRefuse)
        context.report([...path, key], 'no request is sent where the port must refuse', 'remove it', { part: 'key' });
      else
        context.report([...path, key], `${key} beside steps is of no request`, 'move it into a step', { part: 'key' });
    }
    if (document.mustRefuse && steps !== undefined) {
      context.report([...path, 'steps'], 'no request is sent where the port must refuse', 'remove it', { part: 'key' });
    }
  },
};

function resolveStep(step: StepDocument): HttpStep {
  const { body, headers } = resolveBody(step.body, step.headers ?? {});
  const method = step.method ?? 'GET';
  const path = step.path ?? '/';
  return {
    name: step.name ?? `${method} ${path}`,
    method,
    path,
    headers,
    body,
    expect: resolveExpectation(step.expect),
    extract: step.extract ?? {},
  };
}

/** @param known names that earlier steps extract; this one's are added. */
function checkStep(context: MeaningContext, path: Path, step: StepDocument, known: Set<string>): void {
  checkExpectation(context, [...path, 'expect'], step.expect);
  checkHeaders(context, [...path, 'headers'], step.headers);
  const used: [Path, string][] = [
    [[...path, 'path'], step.path ?? ''],
    [[...path, 'body'], typeof step.body === 'string' ? step.body : JSON.stringify(step.body ?? '')],
    ...Object.entries(step.headers ?? {}).map(([name, value]): [Path, string] => [[...path, 'headers', name], value]),
  ];
  for (const [place, text] of used) {
    for (const [, name = ''] of text.matchAll(VARIABLE_PATTERN)) {
      if (known.has(name)) continue;
      const near = suggest(name, known);
      context.report(
        place,
        `no step before this one extracts {{${name}}}`,
        near ? `did you mean ${near}?` : `add extract: { ${name}: ... } to an earlier step`,
      );
    }
  }
  for (const [name, extraction] of Object.entries(step.extract ?? {})) {
    known.add(name);
    if ('text' in extraction) checkPattern(context, [...path, 'extract', name, 'text'], extraction.text);
  }
}
