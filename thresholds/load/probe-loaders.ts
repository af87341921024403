import type { ProbeKindName } from '../model.ts';
import { httpLoader } from './probe/http.ts';
import type { ProbeLoader } from './probe/loader.ts';
import { tcpLoader } from './probe/tcp.ts';

/** Every probe kind as the loader reads it. */
export const PROBE_LOADERS: { readonly [Kind in ProbeKindName]: ProbeLoader<Kind> } = {
  http: httpLoader,
  tcp: tcpLoader,
};
