/** What a class escape stands for; other escaped characters stand for themselves. */
const ESCAPES: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  n: '\n',
  t: '\t',
  b: '',
  B: '',
};

/**
 * A text that a regular expression matches, made by simple means: first alternatives, the least repetition.
 * @returns null when the means do not suffice; the result has been matched, so it is never wrong.
 */
export function sampleText(pattern: string): string | null {
  const parser = new Sampler(pattern);
  const text = parser.alternatives();
  return parser.done && new RegExp(pattern).test(text) ? text : null;
}

class Sampler {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get done(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Reads up to the end or the closing parenthesis; the first alternative is the answer. */
  alternatives(): string {
    const first = this.#sequence();
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      this.#sequence();
    }
    return first;
  }

  #sequence(): string {
    let text = '';
    while (!this.done && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      const atom = this.#atom();
      text += atom.repeat(this.#repetitions());
    }
    return text;
  }

  #atom(): string {
    const char = this.#source[this.#at++] ?? '';
    if (char === '^' || char === '$') return '';
    if (char === '.') return 'a';
    if (char === '\\') {
      const escaped = this.#source[this.#at++] ?? '';
      return ESCAPES[escaped] ?? escaped;
    }
    if (char === '[') return this.#characterClass();
    if (char !== '(') return char;
    const prefix = /^\?(?::|=|<[A-Za-z]\w*>)/.exec(this.#source.slice(this.#at))?.[0] ?? '';
    this.#at += prefix.length;
    const inner = this.alternatives();
    this.#at += 1;
    return inner;
  }

  /** One character of the class. A negated class is answered by the first common character that is not in it. */
  #characterClass(): string {
    const end = this.#source.slice(this.#at).search(/(?<!\\)\]/);
    const body = this.#source.slice(this.#at, this.#at + end);
    this.#at += end + 1;
    const member = new RegExp(`[${body}]`);
    return (
      [...'a1A -_./:"'].find((char) => member.test(char)) ?? (body.startsWith('\\') ? (body[1] ?? '') : (body[0] ?? ''))
    );
  }

  #repetitions(): number {
    const rest = this.#source.slice(this.#at);
    const quantifier = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(rest);
    if (quantifier === null) return 1;
    this.#at += quantifier[0].length;
    if (quantifier[1] !== undefined) return Number(quantifier[1]);
    return rest[0] === '+' ? 1 : 0;
  }
}
