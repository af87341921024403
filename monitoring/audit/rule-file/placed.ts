import { type LineCounter, Scalar } from 'yaml';
import { placeOfOffset } from './documents.ts';
import type { PlacedText, Run } from './model.ts';

/** Characters of an escape in double quotes after the backslash and its letter. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
/** Escapes in double quotes that stand for white space. */
const BLANK_ESCAPES = 'tnr ';

/**
 * The text of a scalar with the place of each character in the file: through quotes, escapes, folded lines and block indentation, so that
 * a finding inside a folded expression points at the right line.
 */
export function placedText(node: Scalar, file: { path: string; text: string }, lines: LineCounter): PlacedText {
  const text = scalarText(node);
  const [start = 0, end = start] = node.range ?? [0, 0];
  const offsets = alignments(text, file.text, node.type ?? Scalar.PLAIN, start, end);
  const runs: Run[] = [];
  for (const [index, offset] of offsets.entries()) {
    if (index > 0 && offset === (offsets[index - 1] ?? 0) + 1 && file.text[offset - 1] !== '\n') continue;
    const { line, column } = placeOfOffset(lines, offset);
    runs.push({ from: index, line, column });
  }
  if (runs.length === 0) runs.push({ from: 0, ...placeOfOffset(lines, start) });
  return { text, file: file.path, runs };
}

/** The text of a scalar as a program that wants a string reads it: `1` and `yes` stay as written. */
export function scalarText(node: Scalar): string {
  return typeof node.source === 'string' ? node.source : String(node.value ?? '');
}

/** For each character of the value, the offset in the source that it comes from. */
function alignments(value: string, source: string, type: Scalar.Type, start: number, end: number): number[] {
  const offsets: number[] = [];
  let at = type === Scalar.PLAIN ? start : start + 1;
  if (type === Scalar.BLOCK_FOLDED || type === Scalar.BLOCK_LITERAL) at = source.indexOf('\n', start) + 1 || end;
  for (let index = 0; index < value.length; index++) {
    const wanted = value[index] ?? '';
    if (isBlank(wanted)) {
      offsets.push(Math.min(at, end));
      if (isBlank(source[at] ?? '')) at++;
      else if (type === Scalar.QUOTE_DOUBLE && source[at] === '\\') at += 2;
      continue;
    }
    at = nextCharacter(source, at, end, wanted, type);
    offsets.push(Math.min(at, end));
    at += width(source, at, type);
  }
  return offsets;
}

/** Where the next character that is not blank stands: over indentation, folded lines and the escape of a line end. */
function nextCharacter(source: string, from: number, end: number, wanted: string, type: Scalar.Type): number {
  let at = from;
  while (at < end) {
    const here = source[at] ?? '';
    if (isBlank(here)) at++;
    else if (type === Scalar.QUOTE_DOUBLE && here === '\\' && isBlank(source[at + 1] ?? '')) at += 2;
    else if (type === Scalar.QUOTE_DOUBLE && here === '\\' && BLANK_ESCAPES.includes(source[at + 1] ?? '')) at += 2;
    else break;
  }
  return source[at] === wanted || type === Scalar.QUOTE_DOUBLE ? at : Math.max(from, source.indexOf(wanted, at));
}

/** How many characters of the source stand for one of the value. */
function width(source: string, at: number, type: Scalar.Type): number {
  if (type === Scalar.QUOTE_SINGLE && source[at] === "'") return 2;
  if (type !== Scalar.QUOTE_DOUBLE || source[at] !== '\\') return 1;
  return 2 + (HEX_DIGITS[source[at + 1] ?? ''] ?? 0);
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\t' || character === '\r';
}
