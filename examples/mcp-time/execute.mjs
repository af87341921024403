import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and resolves to its exit code and output; rejects when it cannot be started. An aborted `signal`
 * kills it with everything that it started: a process left over would go on writing.
 */
export function execute(file, args, { env, signal }) {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = () => process.kill(-child.pid, 'SIGKILL');
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.on('error', reject);
    child.on('spawn', () => signal.addEventListener('abort', kill, { once: true }));
    child.on('close', (code) => {
      signal.removeEventListener('abort', kill);
      if (signal.aborted) reject(signal.reason);
      else resolve({ code, ...output });
    });
  });
}
