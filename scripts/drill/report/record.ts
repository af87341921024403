import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertRow } from '../../../thresholds/verdict.ts';
import { type DrillTimeline, timelineOfRow } from './timeline.ts';

const FILE = 'drill.json';

/** Leaves the courses of all alerts in the run folder, beside what verdict.json says of them. */
export function writeDrillRecord(folder: string, timelines: readonly DrillTimeline[]): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify({ schema: 1, timelines }, null, 1)}\n`);
}

/** The courses that a drill left in a run folder; none where it left none. */
export function readDrillRecord(folder: string): DrillTimeline[] {
  try {
    const { timelines } = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as { timelines: DrillTimeline[] };
    return timelines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A row with the course of its alert. */
export interface DrilledAlert {
  readonly row: AlertRow;
  readonly timeline: DrillTimeline;
}

/** Finds the course of each row, those of one name in their order; a row without one tells what it knows itself. */
export function withTimelines(rows: readonly AlertRow[], timelines: readonly DrillTimeline[]): DrilledAlert[] {
  const key = ({ system, alert, fault }: AlertRow | DrillTimeline) => JSON.stringify([system, alert, fault]);
  const waiting = new Map([...Map.groupBy(timelines, key)].map(([name, own]) => [name, [...own]]));
  return rows.map((row) => ({ row, timeline: waiting.get(key(row))?.shift() ?? timelineOfRow(row) }));
}
