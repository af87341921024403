/** A test that says nothing of the rules, though promtool may pass it. */
export interface TestFault {
  /**
   * `test-fails`: for the rule as it is, so nothing can be said of what it would notice. `unknown-alert`: it expects something of an alert that is
   * nowhere, and promtool passes any silence. `no-rules`: its rule_files name no file.
   */
  id: 'test-fails' | 'unknown-alert' | 'no-rules';
  file: string;
  /** From 1. */
  line: number;
  /** Null where the whole file is at fault. */
  alert: string | null;
  reason: string;
}
