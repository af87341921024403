/** A test that fails for the rule as it is: nothing can be said of what it would notice. */
export interface TestFault {
  file: string;
  /** From 1. */
  line: number;
  /** Null where the whole file fails. */
  alert: string | null;
  reason: string;
}
