import type { AddCommand } from './command.ts';

/** Every command by its name, in the order of the help; one file each, loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  nightly: async () => (await import('./nightly.ts')).addNightly,
  load: async () => (await import('./load.ts')).addLoad,
  probe: async () => (await import('./probe.ts')).addProbe,
  drill: async () => (await import('./drill.ts')).addDrill,
  audit: async () => (await import('./audit.ts')).addAudit,
  up: async () => (await import('./up.ts')).addUp,
  check: async () => (await import('./check.ts')).addCheck,
  generate: async () => (await import('./generate.ts')).addGenerate,
  doctor: async () => (await import('./doctor.ts')).addDoctor,
  bench: async () => (await import('./bench.ts')).addBench,
};

/** The command that the first argument names, alone: a prober that runs for months need not hold the others. Else all, for help and suggestions. */
export function loadCommands([name = '']: readonly string[]): Promise<AddCommand[]> {
  const wanted = Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
  return Promise.all(wanted.map((each) => (COMMANDS[each] as (typeof COMMANDS)[string])()));
}
