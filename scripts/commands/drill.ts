import { runCommand } from './run-command.ts';

/** `firedrill drill`: every alert from the fault to its receiver and back. */
export const addDrill = runCommand(
  'drill',
  'prove each alert: fault, pending, firing, delivered to its receiver, resolved',
);
