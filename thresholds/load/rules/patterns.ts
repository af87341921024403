import type { z } from 'zod';
import type { expectation } from '../../document/expect.ts';
import type { MeaningContext } from '../meaning.ts';
import type { Path } from '../source.ts';

/** Reports a regular expression that does not compile. */
export function checkPattern(context: MeaningContext, path: Path, pattern: string | undefined): void {
  if (pattern === undefined) return;
  try {
    new RegExp(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    context.report(path, `not a regular expression: ${reason}`, 'escape special characters with a backslash');
  }
}

/** Reports every regular expression of an expectation that does not compile. */
export function checkExpectation(
  context: MeaningContext,
  place: Path,
  expect: z.infer<typeof expectation> | undefined,
): void {
  checkConditions(context, place, expect);
  checkConditions(context, [...place, 'not'], expect?.not);
}

function checkConditions(
  context: MeaningContext,
  place: Path,
  expect: Omit<z.infer<typeof expectation>, 'not'> | undefined,
): void {
  checkPattern(context, [...place, 'text'], expect?.text);
  for (const [name, pattern] of Object.entries(expect?.headers ?? {}))
    checkPattern(context, [...place, 'headers', name], pattern);
  for (const [path, condition] of Object.entries(expect?.json ?? {})) {
    if (typeof condition === 'object' && condition !== null && 'matches' in condition) {
      checkPattern(context, [...place, 'json', path, 'matches'], condition.matches);
    }
  }
}
