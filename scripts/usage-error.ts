/** A wrong command line, catalogue or output folder, found before anything ran: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly fix: string | null;

  constructor(message: string, fix: string | null, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}
