import { runCommand } from './run-command.ts';

/** `firedrill load`: k6 against the promises. */
export const addLoad = runCommand('load', 'k6 against every endpoint of the catalogue, judged by its promises', 'load');
