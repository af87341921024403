/** An action of a Go template, `{{ ... }}`, with the words in it. Offsets are those of the whole text. */
export interface TemplateAction {
  from: number;
  to: number;
  words: readonly Word[];
}

/** A name, variable, field chain, text or sign. Texts keep their quotes. */
export interface Word {
  text: string;
  from: number;
}

/** What is wrong with a template, and where in its text. */
export interface TemplateProblem {
  from: number;
  to: number;
  rule: string;
  fix: string;
}

/** What may follow a name, variable or field without a blank. */
const AFTER_NAME = /[\s.,|:()}]/;
/** Signs that have a meaning in an action; a comma only between declared variables. */
const SIGNS = new Set(['|', '(', ')', ',', '.', ':=', '=']);
const WORD = /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|\$\w*(?:\.\w+)*|(?:\.\w+)+|\w+(?:\.\d+)?|:=|\S/gy;

/** Those of Go, then those of Prometheus up to 3.x. */
const FUNCTIONS = new Set(
  (
    'and call eq ge gt html index js le len lt ne not or print printf println slice urlquery ' +
    'args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp label match now ' +
    'parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue tableLink title tmpl toDuration ' +
    'toLower toTime toUpper urlQueryEscape value'
  ).split(' '),
);
const OPENING = new Set(['if', 'range', 'with', 'define', 'block']);
const KEYWORDS = new Set([...OPENING, 'else', 'end', 'template', 'break', 'continue', 'nil', 'true', 'false']);
const KNOWN_VARIABLES = ['$', '$labels', '$value', '$externalLabels', '$externalURL'];

/** The actions of a template up to one that is never closed. */
export function templateActions(text: string): TemplateAction[] {
  const actions: TemplateAction[] = [];
  for (let from = text.indexOf('{{'); from >= 0; ) {
    const action = readAction(text, from);
    if (action === null) break;
    actions.push(action);
    from = text.indexOf('{{', action.to);
  }
  return actions;
}

/** What Prometheus refuses in the template of a label or annotation; null for a good one. */
export function templateProblem(text: string): TemplateProblem | null {
  const actions = templateActions(text);
  const unread = text.indexOf('{{', actions.at(-1)?.to ?? 0);
  if (unread >= 0) return problem(unread, 2, 'the template action {{ is never closed', 'close it with }}');
  const variables = new Set(KNOWN_VARIABLES);
  const open: Word[] = [];
  for (const { words } of actions) {
    const glued = words.find(
      ({ text: word, from }) => /[\w$]$/.test(word) && !AFTER_NAME.test(text[from + word.length] ?? ' '),
    );
    if (glued !== undefined)
      return problem(
        glued.from + glued.text.length,
        1,
        'a sign in the template where a blank must be',
        'put a blank there',
      );
    const [first] = words;
    const stray = words.find((word) => isStray(word.text, words));
    if (stray !== undefined)
      return problem(
        stray.from,
        stray.text.length,
        `unexpected ${JSON.stringify(stray.text)} in a template action`,
        'remove it',
      );
    if (first === undefined) continue;
    if (OPENING.has(first.text)) open.push(first);
    if (first.text === 'end' && open.pop() === undefined)
      return problem(
        first.from,
        3,
        '{{ end }} ends nothing',
        'remove it, or open an {{ if }} or {{ range }} before it',
      );
    const wrong = wrongWord(words, variables);
    if (wrong !== null) return wrong;
  }
  const [unended] = open;
  if (unended === undefined) return null;
  return problem(unended.from, unended.text.length, `{{ ${unended.text} }} has no {{ end }}`, 'add {{ end }}');
}

/** Where a template reads a label of the alert: `$labels.x`, `.Labels.x` or `index $labels "x"`. */
export function labelReferences(text: string): { label: string; from: number; to: number }[] {
  return templateActions(text).flatMap(({ words }) =>
    words.flatMap((word, index) => {
      const field = /^(?:\$labels|\$\.Labels|\.Labels)\.(\w+)/.exec(word.text);
      if (field !== null) return [{ label: field[1] ?? '', from: word.from, to: word.from + field[0].length }];
      const quoted = /^["`](\w+)["`]$/.exec(words[index + 1]?.text ?? '');
      if (words[index - 1]?.text !== 'index' || !/^(?:\$labels|\.Labels)$/.test(word.text) || quoted === null)
        return [];
      return [{ label: quoted[1] ?? '', from: word.from, to: word.from + word.text.length }];
    }),
  );
}

/** Where a template reads the value of the alert. */
export function valueReferences(text: string): { from: number; to: number }[] {
  return templateActions(text).flatMap(({ words }) =>
    words
      .filter((word) => /^(?:\$value|\$?\.Value)$/.test(word.text))
      .map((word) => ({ from: word.from, to: word.from + word.text.length })),
  );
}

function readAction(text: string, from: number): TemplateAction | null {
  const comment = /^\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/.exec(text.slice(from, from + 10_000));
  if (comment !== null) return { from, to: from + comment[0].length, words: [] };
  const words: Word[] = [];
  let at = from + 2;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? '')) at++;
    const close = /^\s*-?\}\}/.exec(text.slice(at, at + 4));
    if (close !== null)
      return { from, to: at + close[0].length, words: words.filter(({ text: word }) => word !== '-') };
    WORD.lastIndex = at;
    const word = WORD.exec(text);
    if (word === null) return null;
    words.push({ text: word[0], from: at });
    at += word[0].length;
  }
  return null;
}

function wrongWord(words: readonly Word[], variables: Set<string>): TemplateProblem | null {
  for (const [index, { text, from }] of words.entries()) {
    const [name = ''] = text.split('.');
    if (text.startsWith('$')) {
      const declares = words.slice(index + 1).some((word) => word.text === ':=');
      if (declares) variables.add(name);
      else if (!variables.has(name)) {
        const fix = `write ${KNOWN_VARIABLES.slice(1, 3).join(' or ')}, or declare it`;
        return problem(from, text.length, `the template variable ${name} is not defined`, fix);
      }
    } else if (/^[A-Za-z_]\w*$/.test(text) && !FUNCTIONS.has(text) && !KEYWORDS.has(text)) {
      return problem(
        from,
        text.length,
        `the template function ${text} does not exist`,
        `put a . or $labels. before a name; functions are such as humanize`,
      );
    }
  }
  return null;
}

function isStray(text: string, words: readonly Word[]): boolean {
  if (text === ',') return !words.some((word) => word.text === ':=' || word.text === '=');
  return /^[^\w$.'"`]+$/.test(text) && !SIGNS.has(text);
}

function problem(from: number, length: number, rule: string, fix: string): TemplateProblem {
  return { from, to: from + length, rule, fix };
}
