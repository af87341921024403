import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive } from '../../scripts/process/identity.ts';
import { processTree, refuses, type SeenProcess } from './processes.ts';
import {
  type RunningCli,
  readVerdict,
  SIMULATED,
  startCli,
  temporaryFolder,
  until,
  writeCatalogue,
} from './support.ts';

/** `group`: Ctrl-C at a terminal reaches the whole group. `parent`: a supervisor signals the process that it started. */
const SENDERS = {
  'Ctrl-C at a terminal': { to: 'group', signal: 'SIGINT' },
  'a SIGINT to the parent alone': { to: 'parent', signal: 'SIGINT' },
  'a SIGTERM of a supervisor': { to: 'parent', signal: 'SIGTERM' },
} as const;

describe.skipIf(process.platform !== 'linux')('interrupted (seen by /proc)', () => {
  test.each(Object.entries(SENDERS))('in the load: %s ends everything with 130', async (_, { to, signal }) => {
    const out = join(temporaryFolder(), 'out');
    const running = start(['nightly', '--duration', '60s', '--out', out]);
    const seen = await treeWith(running, /k6 run/);
    process.kill(to === 'group' ? -running.pid : running.pid, signal);
    await endedWithout(running, seen);
    const verdict = readVerdict(out);
    expect(verdict).toMatchObject({ schema: 1, command: 'nightly' });
    expect(verdict?.outcome).not.toBe('pass');
    expect(verdict?.load.length).toBeGreaterThan(0);
    expect(verdict?.probes.length).toBe(1);
  });

  test('in the drill: Ctrl-C ends everything with 130', async () => {
    const out = join(temporaryFolder(), 'out');
    const running = start(['drill', '--out', out]);
    const seen = await treeWith(running, /alertmanager.*--config\.file/);
    process.kill(-running.pid, 'SIGINT');
    await endedWithout(running, seen);
    expect(readVerdict(out)?.outcome).not.toBe('pass');
  });

  test.each([
    ['up', [], /prometheus.*--config\.file/, 'up; Ctrl-C ends it'],
    ['probe', [], /fleet/, 'Ctrl-C ends it'],
  ])('%s: Ctrl-C ends everything with 130', async (command, args, program, ready) => {
    const running = start([command, ...args]);
    await until(ready, () => running.stdout().includes(ready), { running });
    const seen = await treeWith(running, program);
    process.kill(-running.pid, 'SIGINT');
    await endedWithout(running, seen);
  });

  test('Ctrl-C again and again changes nothing', async () => {
    const out = join(temporaryFolder(), 'out');
    const running = start(['load', '--profile', 'smoke', '--duration', '60s', '--out', out]);
    const seen = await treeWith(running, /k6 run/);
    const again = setInterval(() => signalGroup(running.pid, 'SIGINT'), 20);
    try {
      await until('the verdict', () => readVerdict(out), { running });
    } finally {
      clearInterval(again);
    }
    await endedWithout(running, seen);
  });
});

function start(args: readonly string[]): RunningCli {
  return startCli([...args, '--catalogue', writeCatalogue(SIMULATED)]);
}

/** All processes of the run, once one of them runs the program and the fleet listens. */
async function treeWith(running: RunningCli, program: RegExp): Promise<SeenProcess[]> {
  return until(
    `a process that matches ${program}`,
    () => {
      const tree = processTree(running.pid);
      return tree.some(({ command }) => program.test(command)) && tree.some(({ ports }) => ports.length > 0) && tree;
    },
    { running },
  );
}

/** Waits for the end, and looks whether anything of the run is left. */
async function endedWithout(running: RunningCli, seen: readonly SeenProcess[]): Promise<void> {
  const { code, stdout, stderr } = await running.exited;
  expect(seen.filter(({ identity }) => isAlive(identity)).map(({ command }) => command)).toEqual([]);
  for (const port of seen.flatMap(({ ports }) => ports)) expect(await refuses(port), `port ${port}`).toBe(true);
  expect(`${stdout}${stderr}`).not.toMatch(/^ {4}at /m);
  expect(code).toBe(130);
}

/** The group may be gone by the time of the signal: that is what the test waits for. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
