import { wrap } from '../../report/text.ts';
import { type LocatedSurvivor, reasonText } from './survivors.ts';

const WIDTH = 80;
const INDENT = '      ';
/** Lines of a test that are shown; it stands whole in the reports of --out. */
const SHOWN_TEST_LINES = 16;

/** A mutant that no test noticed: what was changed as a diff, why it went unnoticed, and a test that notices it. */
export function survivorBlock(survivor: LocatedSurvivor, paint: { red: Paint; green: Paint; yellow: Paint }): string {
  const { file, line, subject, operator, what, diff, killer } = survivor;
  const place = `${file}:${line}  unnoticed  ${operator}`;
  const gap = place.length + 3 + subject.length > WIDTH ? `\n${INDENT}` : '   ';
  const head = `${place.replace('  unnoticed  ', `  ${paint.yellow('unnoticed')}  `)}${gap}${subject}`;
  const changes = diff.flatMap((each) => {
    const sign = each.slice(0, 2);
    const [first = '', ...rest] = wrap(each.slice(2), WIDTH - INDENT.length - 2);
    const colour = sign === '- ' ? paint.red : sign === '+ ' ? paint.green : (text: string) => text;
    return [colour(`${INDENT}${sign}${first}`), ...rest.map((more) => colour(`${INDENT}  ${more}`))];
  });
  const why = wrap(`${what}; ${reasonText(survivor)}`, WIDTH - INDENT.length).map((text) => `${INDENT}${text}`);
  return [head, ...changes, ...why, ...testLines(killer)].join('\n');
}

type Paint = (text: string) => string;

function testLines(killer: string | null): string[] {
  if (killer === null) return [];
  const lines = killer.trimEnd().split('\n');
  const room = WIDTH - INDENT.length - 2;
  const shown = lines
    .slice(0, SHOWN_TEST_LINES)
    .map((line) => `${INDENT}  ${line.length > room ? `${line.slice(0, room - 3)}...` : line}`);
  const rest = lines.length - SHOWN_TEST_LINES;
  return [`${INDENT}noticed by:`, ...shown, ...(rest > 0 ? [`${INDENT}  ... and ${rest} more lines`] : [])];
}
