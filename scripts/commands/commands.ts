import { addAudit } from './audit.ts';
import { addBench } from './bench.ts';
import { addCheck } from './check.ts';
import type { AddCommand } from './command.ts';
import { addDoctor } from './doctor.ts';
import { addDrill } from './drill.ts';
import { addGenerate } from './generate.ts';
import { addLoad } from './load.ts';
import { addNightly } from './nightly.ts';
import { addProbe } from './probe.ts';
import { addUp } from './up.ts';

/** Every command, in the order of the help; one file each. */
export const COMMANDS: readonly AddCommand[] = [
  addNightly,
  addLoad,
  addProbe,
  addDrill,
  addAudit,
  addUp,
  addCheck,
  addGenerate,
  addDoctor,
  addBench,
];
