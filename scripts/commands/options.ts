import type { Command } from 'commander';
import { BUILT_IN_CATALOGUE } from '../catalogue-files.ts';

const collect = (value: string, earlier: string[] = []) => [...earlier, value];

/** Adds --catalogue, --environment, --system and --service. */
export function withCatalogueOptions(command: Command): Command {
  return command
    .option('-c, --catalogue <path>', 'folder or file of the catalogue', BUILT_IN_CATALOGUE)
    .option('-e, --environment <name>', 'environment of the catalogue (default: the one its addresses stand for)')
    .option('-s, --system <id>', 'only this system; may be given several times', collect)
    .option('--service <id>', 'only this service, as id or system/id; may be given several times', collect);
}
