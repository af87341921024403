/** What a {@link HarnessError} says beside its message. */
export interface HarnessErrorDetails {
  /** Why it failed: the evidence, such as the tail of a log. May span several lines. */
  readonly reason: string;
  /** What the reader can do about it: a command, a variable, a file to look into. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * Something that firedrill itself starts or needs failed (a tool, a port, Prometheus), so that nothing can be said about
 * the services. A run that meets it is `broken` and ends with exit code 3.
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(message: string, details: HarnessErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = details.reason;
    this.hint = details.hint;
  }

  /** The whole error as lines for a terminal or a log: message, reason, hint. */
  describe(): string {
    const lines = [this.message, ...indent(this.reason)];
    if (this.hint !== undefined) lines.push(...indent(this.hint));
    return lines.join('\n');
  }
}

function indent(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}
