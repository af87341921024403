/** Of which half may resolve names at a time. */
const THREADS = '64';

/**
 * Gives the process threads for resolving many names at a time: with the usual four, two silent name servers would hold up every other
 * name. Call it before anything uses them; whoever has set the number keeps it.
 */
export function allowManyLookups(env: NodeJS.ProcessEnv): void {
  env.UV_THREADPOOL_SIZE ??= THREADS;
}
