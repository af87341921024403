/** A time in which a service may be down. Unix milliseconds; minutes of the day on the clocks of the time zone. */
export type MaintenanceWindow =
  | {
      kind: 'recurring';
      /** Days on which it begins, 0 for Sunday. */
      weekdays: readonly number[];
      startMinute: number;
      durationMs: number;
      timezone: string;
      note: string;
    }
  | { kind: 'once'; fromMs: number; toMs: number; note: string };
