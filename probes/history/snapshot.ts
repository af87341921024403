import type { KeptStatus, StatusBoard } from './status-board.ts';
import { RECORD_BYTES } from './windows.ts';

const FORMAT = 'firedrill-status';
const VERSION = 1;

interface Header {
  format: string;
  version: number;
  recordBytes: number;
  targets: KeptStatus[];
}

/** Records in a piece: some seventy kilobytes. */
const RECORDS_A_PIECE = 32;

/**
 * What outlives a restart, in pieces: one line of JSON, then a record of fixed size for each target in the order of that line. Taken in
 * pieces so that ten thousand targets never stop the event loop. A piece is valid until the next one is asked for: all lie in the same
 * memory, since copies of ten thousand records each time would be more than the records.
 */
export function* encodeSnapshot(board: StatusBoard): Generator<Uint8Array> {
  const targets = [...board.all()]
    .filter(({ id }) => board.history.has(id))
    .map(({ id, up, sinceMs, lastFailure }): KeptStatus => ({ id, up, sinceMs, lastFailure }));
  const header: Header = { format: FORMAT, version: VERSION, recordBytes: RECORD_BYTES, targets };
  yield Buffer.from(`${JSON.stringify(header)}\n`);
  const piece = new Uint8Array(RECORDS_A_PIECE * RECORD_BYTES);
  for (let start = 0; start < targets.length; start += RECORDS_A_PIECE) {
    const some = targets.slice(start, start + RECORDS_A_PIECE);
    for (const [index, { id }] of some.entries()) board.history.copy(id, piece.subarray(index * RECORD_BYTES));
    yield piece.subarray(0, some.length * RECORD_BYTES);
  }
}

/**
 * Reads what `encodeSnapshot` wrote.
 * @throws Error that says what is wrong with it.
 */
export function decodeSnapshot(bytes: Uint8Array): { status: KeptStatus; record: Uint8Array }[] {
  const end = bytes.indexOf(10);
  if (end === -1) throw new Error('it has no header line');
  const header = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString()) as Partial<Header>;
  if (header.format !== FORMAT || header.version !== VERSION || header.recordBytes !== RECORD_BYTES) {
    throw new Error(`it is no ${FORMAT} of version ${VERSION}`);
  }
  const targets = header.targets ?? [];
  const expected = end + 1 + targets.length * RECORD_BYTES;
  if (bytes.length !== expected) throw new Error(`it has ${bytes.length} bytes where ${expected} are expected`);
  return targets.map((status, index) => {
    const start = end + 1 + index * RECORD_BYTES;
    return { status, record: bytes.subarray(start, start + RECORD_BYTES) };
  });
}
