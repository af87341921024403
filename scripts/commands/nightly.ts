import { runCommand } from './run-command.ts';

/** `firedrill nightly`: load, probes and drill, one verdict. */
export const addNightly = runCommand('nightly', 'stack up, load, probes, drill, one verdict', 'smoke');
