import type { Fault, FaultKind } from '../../../thresholds/faults.ts';
import type { Service } from '../../../thresholds/model.ts';
import { HarnessError } from '../../process/harness-error.ts';
import { type Effects, HEALTHY } from '../effects.ts';
import { accuracy } from './accuracy.ts';
import { coldCache } from './cold-cache.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { down } from './down.ts';
import { drift } from './drift.ts';
import { errors } from './errors.ts';
import { exhaustedPool } from './exhausted-pool.ts';
import { expiredCertificate } from './expired-certificate.ts';
import type { FaultDefinition } from './fault.ts';
import { hanging } from './hanging.ts';
import { memory } from './memory.ts';
import { providerErrors } from './provider-errors.ts';
import { refusing } from './refusing.ts';
import { silentMetrics } from './silent-metrics.ts';
import { slow } from './slow.ts';
import { slowFirstToken } from './slow-first-token.ts';
import { slowQueries } from './slow-queries.ts';
import { stalledStream } from './stalled-stream.ts';
import { truncatedStream } from './truncated-stream.ts';
import { unloadedModel } from './unloaded-model.ts';
import { vanishedMetrics } from './vanished-metrics.ts';
import { wrongBody } from './wrong-body.ts';

/** Every fault of the fleet. A new one is a file, a line here and its name in `thresholds/faults.ts`. */
export const FAULTS: Readonly<Record<FaultKind, FaultDefinition>> = {
  down,
  refusing,
  hanging,
  slow,
  errors,
  'wrong-body': wrongBody,
  'expired-certificate': expiredCertificate,
  'provider-errors': providerErrors,
  'slow-first-token': slowFirstToken,
  'stalled-stream': stalledStream,
  'truncated-stream': truncatedStream,
  'cold-cache': coldCache,
  'slow-queries': slowQueries,
  'exhausted-pool': exhaustedPool,
  cpu,
  memory,
  disk,
  drift,
  accuracy,
  'unloaded-model': unloadedModel,
  'silent-metrics': silentMetrics,
  'vanished-metrics': vanishedMetrics,
};

/** What all these faults do together. */
export function effectsOf(faults: Iterable<Fault>): Effects {
  let effects = HEALTHY;
  const kinds: FaultKind[] = [];
  for (const fault of faults) {
    effects = FAULTS[fault.kind].apply(effects, fault);
    kinds.push(fault.kind);
  }
  return kinds.length === 0 ? HEALTHY : { ...effects, kinds };
}

/** @throws HarnessError when the service cannot have the fault. */
export function assertApplicable(service: Service, fault: Fault): void {
  const reason = FAULTS[fault.kind].refusal(service, fault);
  if (reason === null) return;
  throw new HarnessError(`fault ${fault.kind} cannot be switched on at ${service.target}`, { reason });
}
