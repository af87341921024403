import type { ServiceDocument } from '../../document/document.ts';
import type { ProbeDocumentOf } from '../../document/probe.ts';
import type { ProbeBase, ProbeKindName, ProbeSpecOf } from '../../model.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

/** How the probes of one kind come from the catalogue into the model. */
export interface ProbeLoader<Kind extends ProbeKindName> {
  /** The spec with its defaults; `timing` is resolved for all kinds alike. */
  resolve(document: ProbeDocumentOf<Kind>, timing: ProbeBase, service: ServiceDocument): ProbeSpecOf<Kind>;
  /** Probes that come with it, by name: each is a further target of the service. */
  further?(
    document: ProbeDocumentOf<Kind>,
    timing: ProbeBase,
    service: ServiceDocument,
  ): Record<string, ProbeSpecOf<Kind>>;
  /** Reports what the schema cannot see: patterns that do not compile, secrets in headers. */
  check(context: MeaningContext, path: Path, document: ProbeDocumentOf<Kind>, service: ServiceDocument): void;
}
