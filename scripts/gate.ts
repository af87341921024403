import { fileURLToPath } from 'node:url';
import { EXIT_CODE } from '../thresholds/outcome.ts';
import { formatDuration } from '../thresholds/units.ts';
import { GATE_PARTS, type GateContext } from './gate/parts.ts';
import { addTallies, countsLine, NOTHING, type Tally } from './gate/tally.ts';
import { interruptSignal } from './interrupt.ts';

process.exitCode = await gate({
  root: fileURLToPath(new URL('..', import.meta.url)),
  tier: process.argv.includes('--prove') ? 'prove' : 'test',
  env: process.env,
  signal: interruptSignal(),
});

/** Runs every part, also after one that failed, so that all problems show at once; resolves to the exit code. */
async function gate(context: GateContext): Promise<number> {
  let total: Tally = NOTHING;
  const summary: string[] = [];
  for (const { name, run } of GATE_PARTS) {
    process.stdout.write(`\n── ${name}\n`);
    const startedAt = performance.now();
    const tally = await run(context);
    if (context.signal.aborted) return EXIT_CODE.interrupted;
    total = addTallies(total, tally);
    const word = tally.failed === 0 ? 'ok' : 'FAILED';
    summary.push(`  ${name.padEnd(16)} ${word.padEnd(7)} ${formatDuration(performance.now() - startedAt)}`);
  }
  process.stdout.write(`\n${summary.join('\n')}\n${countsLine(total)}\n`);
  return total.failed === 0 ? EXIT_CODE.pass : EXIT_CODE.fail;
}
