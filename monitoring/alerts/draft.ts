import type { Catalogue, Place, Severity, System } from '../../thresholds/model.ts';
import { OPERATIONS_SYSTEM } from '../../thresholds/names.ts';
import type { DerivedAlert, Guidance, ShownOn } from './derived-alert.ts';

/** Who looks after an alert: a system of the catalogue, or monitoring itself. */
export interface Owner {
  id: string;
  team: string;
  place: Place | null;
}

/** What a generator says of an alert; the rest is the same for all that are generated. */
export interface Draft {
  name: string;
  severity: Severity;
  objective: string;
  expr: string;
  forMs: number;
  keepFiringForMs?: number;
  /** Beside those that every alert has. */
  labels?: Readonly<Record<string, string>>;
  summary: string;
  description: string;
  guidance: Guidance;
  /** Full without it. */
  drill?: DerivedAlert['drill'];
  consequences?: readonly string[];
  shownOn?: ShownOn;
}

/** An alert that follows from the catalogue without being named there. */
export function draftAlert({ id, team, place }: Owner, draft: Draft): DerivedAlert {
  return {
    service: null,
    keepFiringForMs: 0,
    labels: {},
    note: null,
    drill: { mode: 'full', reason: '' },
    consequences: [],
    ...draft,
    system: id,
    team,
    source: null,
    place,
  };
}

/** The owner of a system's alerts. */
export function systemOwner({ id, team, place }: System): Owner {
  return { id, team, place };
}

/** The owner of alerts about monitoring itself. */
export function operationsOwner({ operations }: Catalogue): Owner {
  return { id: OPERATIONS_SYSTEM, team: operations.team, place: null };
}
