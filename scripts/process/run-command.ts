import { execa } from 'execa';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The command is ended after this time. */
  readonly timeoutMs: number;
  /** Ends the command when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What a command did. A command that could not be started, timed out or was aborted is `ok: false` too. */
export interface CommandResult {
  readonly ok: boolean;
  /** stdout and stderr in the order in which they came. */
  readonly output: string;
  readonly stdout: string;
  /** One line: why it is not ok; empty when it is. */
  readonly reason: string;
}

/** Runs a short command to its end, with no terminal and no input. Never rejects. */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, timeoutMs, signal }: CommandOptions,
): Promise<CommandResult> {
  const result = await execa(file, args, {
    cwd: cwd ?? process.cwd(),
    env: env ?? {},
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: timeoutMs,
    killDescendants: true,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  const output = result.all ?? '';
  return { ok: !result.failed, output, stdout: result.stdout ?? '', reason: result.failed ? failure() : '' };

  function failure(): string {
    if (result.code === 'ENOENT') return `${file} is not installed`;
    if (result.timedOut) return `${file} ran longer than ${timeoutMs} ms`;
    if (result.isCanceled) return `${file} was interrupted`;
    const last = output
      .trimEnd()
      .split('\n')
      .findLast((line) => line.trim() !== '');
    const how =
      result.signal === undefined ? `exit code ${result.exitCode ?? result.code}` : `killed by ${result.signal}`;
    return last === undefined ? `${file}: ${how}` : `${file}: ${how}: ${last.trim()}`;
  }
}
