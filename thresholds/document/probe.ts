import { z } from 'zod';
import { httpProbe } from './probe/http.ts';
import { tcpProbe } from './probe/tcp.ts';

/** How a target is probed, by kind. */
export const probe = z.discriminatedUnion('kind', [httpProbe, tcpProbe]);

export type ProbeDocument = z.infer<typeof probe>;

/** The document of one kind. */
export type ProbeDocumentOf<Kind extends ProbeDocument['kind']> = Extract<ProbeDocument, { kind: Kind }>;
