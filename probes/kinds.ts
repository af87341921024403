import type { ProbeSpec } from '../thresholds/model.ts';
import type { ProbeFunction } from './context.ts';
import { probeHttp } from './kinds/http.ts';
import { probeTcp } from './kinds/tcp.ts';

/** Every probe kind by its name in the catalogue. A new kind is one file, one line here and its series in `metrics/kinds.ts`. */
export const PROBE_KINDS: Readonly<Record<ProbeSpec['kind'], ProbeFunction>> = {
  http: probeHttp,
  tcp: probeTcp,
};
