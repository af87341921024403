/** Columns before the text of a source line. */
const GUTTER = 8;

/**
 * A source line with a marker below it, as wide as asked: leading blanks shrink first, then the line is cut around the marker. Control
 * characters are not sent to the terminal.
 */
export function excerpt(source: string, line: number, column: number, length: number, width: number): string[] {
  const room = width - GUTTER;
  const text = source.trimEnd().replace(/\p{Cc}/gu, ' ');
  const blanks = /^ */.exec(text)?.[0].length ?? 0;
  const spare = Math.max(0, text.length - room);
  const shift = Math.min(spare, Math.max(0, blanks - 2));
  const shrunk = text.slice(shift);
  const at = Math.max(0, column - 1 - shift);
  const from = shrunk.length <= room ? 0 : Math.max(0, Math.min(at - Math.floor(room / 3), shrunk.length - room));
  const shown = mark(shrunk.slice(from, from + room), from > 0, from + room < shrunk.length);
  const under = Math.max(1, Math.min(length, shown.length - (at - from)));
  return [
    `${`${line}`.padStart(5)} | ${shown}`,
    `${' '.repeat(5)} | ${' '.repeat(at - from)}^${'~'.repeat(under - 1)}`,
  ];
}

function mark(text: string, cutBefore: boolean, cutAfter: boolean): string {
  const head = cutBefore ? `...${text.slice(3)}` : text;
  return cutAfter ? `${head.slice(0, -3)}...` : head;
}
