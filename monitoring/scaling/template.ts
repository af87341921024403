import { type TemplateAction, templateActions } from '../audit/rule-file/template.ts';
import { quoteString, unquote } from '../promql/literals.ts';
import { type ScaleContext, scaleExpression } from './expression.ts';
import { refusalText } from './refusal.ts';

/** A template for a faster clock, and why what it shows may differ there all the same; null where it does not. */
export interface ScaledTemplate {
  text: string;
  notCompared: string | null;
}

/**
 * A label or annotation for a faster clock: the PromQL in `query "..."` is scaled where it stands as one text. A template that cannot be
 * scaled stays as it is, and is not to be compared.
 */
export function scaleTemplate(text: string, context: ScaleContext): ScaledTemplate {
  const edits: { from: number; to: number; text: string }[] = [];
  for (const action of templateActions(text)) {
    for (const [index, word] of action.words.entries()) {
      if (word.text === 'now') return { text, notCompared: 'now reads the wall time' };
      if (word.text !== 'query') continue;
      const quoted = queriedText(action, index);
      if (quoted === null) return { text, notCompared: 'its query is put together when it is shown' };
      const query = unquote(quoted.text);
      if ('error' in query) return { text, notCompared: `its query cannot be read: ${query.error}` };
      const scaled = scaleExpression(query.value, context);
      if ('refused' in scaled)
        return { text, notCompared: `its query cannot be scaled: ${refusalText(scaled.refused)}` };
      edits.push({ from: quoted.from, to: quoted.from + quoted.text.length, text: literal(scaled.expr, quoted.text) });
    }
  }
  const scaled = edits.reduceRight((all, edit) => all.slice(0, edit.from) + edit.text + all.slice(edit.to), text);
  return { text: scaled, notCompared: null };
}

/** The literal that `query` is given: behind it, or before it through a pipe. */
function queriedText({ words }: TemplateAction, index: number) {
  const after = words[index + 1];
  if (after !== undefined && /^["`]/.test(after.text)) return after;
  const [before, pipe] = [words[index - 2], words[index - 1]];
  const alone =
    index === 2 || words[index - 3]?.text === ':=' || /^(?:with|range|if)$/.test(words[index - 3]?.text ?? '');
  return pipe?.text === '|' && alone && before !== undefined && /^["`]/.test(before.text) ? before : null;
}

/** In the quotes of the text that it replaces, where they can hold it: a template may stand in a text with quotes of its own. */
function literal(expr: string, before: string): string {
  return before.startsWith('`') && !expr.includes('`') ? `\`${expr}\`` : quoteString(expr);
}
