import type { HttpProbeSpec } from './probe/http.ts';
import type { TcpProbeSpec } from './probe/tcp.ts';

export type * from './probe/base.ts';
export type * from './probe/http.ts';
export type * from './probe/tcp.ts';

/** How a target is probed. One file a kind in `probe/`. */
export type ProbeSpec = HttpProbeSpec | TcpProbeSpec;

export type ProbeKindName = ProbeSpec['kind'];

/** The spec of one kind. */
export type ProbeSpecOf<Kind extends ProbeKindName> = Extract<ProbeSpec, { kind: Kind }>;
