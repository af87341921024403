import type { HttpProbeSpec } from '../../../thresholds/model.ts';
import type { ProbeContext, ProbeOptions } from '../../context.ts';
import { hostAndPort } from '../../endpoint.ts';
import { ProbeFailure } from '../../failure.ts';
import { createCookieJar } from '../../http/cookies.ts';
import type { ProbeKind } from '../../kind.ts';
import { measureRun } from '../../measured-run.ts';
import { requireRefusal } from '../../refusal.ts';
import type { ProbeTarget } from '../../target.ts';
import { httpLayout } from './series.ts';
import { type Journey, type PreparedStep, prepareStep, takeStep } from './step.ts';

/** HTTP requests, one or several, each on fresh connections and judged by what the catalogue expects; or a port that must refuse. */
export const httpKind: ProbeKind<HttpProbeSpec> = {
  create(context, target) {
    const { spec } = target;
    const steps = spec.steps.map((step) => prepareStep(step, target.auth, spec.exports.includes('answer')));
    return {
      run: (options) =>
        spec.mustRefuse ? runRefusal(context, target, options) : runSteps(context, target, steps, options),
    };
  },
  addressProblem: ({ protocol }) =>
    protocol === 'http:' || protocol === 'https:'
      ? undefined
      : 'but its http probe needs http:// or https://: set probe.kind to tcp',
  layout: httpLayout,
};

function runSteps(
  context: ProbeContext,
  target: ProbeTarget<HttpProbeSpec>,
  steps: readonly PreparedStep[],
  options: ProbeOptions,
) {
  return measureRun(context, target, options, noPhases(), async (run) => {
    run.facts.redirects = 0;
    const journey: Journey = {
      context,
      target,
      options,
      run,
      tls: null,
      carried: new Map(),
      cookies: createCookieJar(context.clock.now),
      certificateProblem: undefined,
    };
    for (const [index, prepared] of steps.entries()) {
      try {
        await takeStep(prepared, journey);
      } catch (error) {
        throw steps.length === 1 ? error : ofStep(error, index, steps.length, prepared);
      }
      if (steps.length > 1) run.facts.stepsCompleted = index + 1;
    }
    if (journey.certificateProblem !== undefined) throw journey.certificateProblem;
  });
}

function runRefusal(context: ProbeContext, target: ProbeTarget<HttpProbeSpec>, options: ProbeOptions) {
  return measureRun(context, target, options, noPhases(), async (run) => {
    const url = new URL(target.url);
    const endpoint = { ...hostAndPort(url, url.protocol === 'https:' ? 443 : 80), tls: null };
    await requireRefusal(context.connect, endpoint, run);
  });
}

function noPhases() {
  return { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
}

function ofStep(error: unknown, index: number, count: number, { step }: PreparedStep): unknown {
  if (!(error instanceof ProbeFailure)) return error;
  return new ProbeFailure(error.reason, `step ${index + 1} of ${count} (${step.name}): ${error.message}`, {
    cause: error,
  });
}
