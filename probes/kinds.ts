import type { ProbeKindName, ProbeSpec, ProbeSpecOf } from '../thresholds/model.ts';
import type { ProbeKind } from './kind.ts';
import { httpKind } from './kinds/http/kind.ts';
import { tcpKind } from './kinds/tcp/kind.ts';

/** Every probe kind by its name in the catalogue. A new kind is a folder and one line here. */
const PROBE_KINDS: { readonly [Kind in ProbeKindName]: ProbeKind<ProbeSpecOf<Kind>> } = {
  http: httpKind,
  tcp: tcpKind,
};

/** The kind that a spec belongs to. */
export function kindOf({ kind }: Pick<ProbeSpec, 'kind'>): ProbeKind<ProbeSpec> {
  return PROBE_KINDS[kind] as ProbeKind<ProbeSpec>;
}
