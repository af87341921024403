import { homedir } from 'node:os';
import { EXIT_CODE } from '../../thresholds/outcome.ts';
import { collectDoctor } from '../tools/doctor.ts';
import { renderDoctor } from '../tools/doctor-text.ts';
import type { AddCommand } from './command.ts';

/** `firedrill doctor`: what was found where, and how to get what is missing. */
export const addDoctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .description('show which tools were found, where, and how to get the missing ones')
    .option('--install', 'install what is missing into the cache')
    .action(
      run<{ install?: boolean }>(async ({ output, signal, env }, options) => {
        const report = await collectDoctor({
          install: options.install === true,
          env,
          signal,
          onProgress: (text) => output.progress(text),
        });
        output.result(output.json ? JSON.stringify(report, null, 2) : renderDoctor(report, homedir()));
        return report.ok ? EXIT_CODE.pass : EXIT_CODE.broken;
      }),
    );
};
