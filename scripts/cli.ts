import { interruptSignal } from './interrupt.ts';

// The entry: everything else is loaded behind a net. Node itself ends with 1 on an exception that nobody caught, which would read as a
// broken promise of a service.
const BROKEN = 3;
const LINGER_MS = 2_000;

process.on('uncaughtException', endBroken);
// A reader that has seen enough, such as head, must not end a run that is still measuring.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') endBroken(error);
  });
}
const signal = interruptSignal();
const { main } = await import('./main.ts').catch(endBroken);
process.exitCode = await main(process.argv.slice(2), signal);
// Everything has been taken down by now; a handle that somebody forgot must not keep a CI job waiting.
setTimeout(() => process.exit(), LINGER_MS).unref();

/** Says what happened and exits with 3. The children hang on the exit of this process. */
function endBroken(error: unknown): never {
  const shown = error instanceof Error ? error : new Error(String(error));
  const text = process.env.FIREDRILL_DEBUG ? shown.stack : `${shown.name}: ${shown.message}`;
  const fix = 'set FIREDRILL_DEBUG=1 for the place, and report it';
  process.stderr.write(`firedrill: a fault of its own: ${text}\n  fix: ${fix}\n`);
  process.exit(BROKEN);
}
