/** What a query of health checks answers: the value of its one column. */
const VALUES: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/^select (\d+)$/i, ([, number = '']) => number],
  [/^select pg_is_in_recovery\(\)$/i, () => 'f'],
];

/** Statements without rows, by their first word. */
const COMMANDS: ReadonlySet<string> = new Set(['BEGIN', 'SET', 'COMMIT', 'ROLLBACK']);

/** The answer to a simple query of one or several statements, up to the first that fails, then ReadyForQuery. */
export function answerSql(sql: string): Buffer {
  const answers: Buffer[] = [];
  let inTransaction = false;
  for (const statement of statementsOf(sql)) {
    const word = statement.split(' ', 1)[0]?.toUpperCase() ?? '';
    const value = answerOf(statement);
    if (value !== undefined) answers.push(rowDescription(), dataRow(value), message('C', 'SELECT 1\0'));
    else if (COMMANDS.has(word)) answers.push(message('C', `${word}\0`));
    else {
      answers.push(errorResponse('ERROR', '42P01', 'the simulated database has no tables'));
      break;
    }
    inTransaction = word === 'BEGIN' || (inTransaction && word !== 'COMMIT' && word !== 'ROLLBACK');
  }
  return Buffer.concat([...answers, message('Z', inTransaction ? 'T' : 'I')]);
}

/** ErrorResponse with severity, SQLSTATE and text. */
export function errorResponse(severity: string, code: string, text: string): Buffer {
  return message('E', `S${severity}\0V${severity}\0C${code}\0M${text}\0\0`);
}

function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
    .filter((statement) => statement !== '');
}

function answerOf(statement: string): string | undefined {
  for (const [pattern, value] of VALUES) {
    const match = pattern.exec(statement);
    if (match !== null) return value(match);
  }
  return undefined;
}

/** One column of type text, whose object number is 25. */
function rowDescription(): Buffer {
  const field = Buffer.alloc(18);
  field.writeUInt32BE(25, 6);
  field.writeInt16BE(-1, 10);
  field.writeInt32BE(-1, 12);
  return message('T', Buffer.concat([Buffer.from([0, 1]), Buffer.from('?column?\0'), field]));
}

function dataRow(value: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(value));
  return message('D', Buffer.concat([Buffer.from([0, 1]), length, Buffer.from(value)]));
}

/** A message: a letter, its length without the letter, and its content. */
export function message(letter: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content as string);
  const head = Buffer.alloc(5);
  head.write(letter, 0);
  head.writeUInt32BE(4 + bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
