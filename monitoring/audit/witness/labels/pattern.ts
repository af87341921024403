/** A regular expression of a matcher: anchored at both ends, as Prometheus takes it. Null when this engine cannot compile it. */
export function compilePattern(pattern: string): RegExp | null {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const translated = readable(flags === null ? pattern : pattern.slice(flags[0].length));
  try {
    return new RegExp(
      `^(?:${translated})$`,
      `s${flags?.[1]?.includes('i') ? 'i' : ''}${flags?.[1]?.includes('m') ? 'm' : ''}`,
    );
  } catch {
    return null;
  }
}

/** What Go writes otherwise than this engine: named groups, and classes by name. */
function readable(pattern: string): string {
  return pattern.replaceAll('(?P<', '(?<').replace(/\[:(\w+):\]/g, (whole, name: string) => POSIX[name] ?? whole);
}

const POSIX: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  space: '\\s',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-/:-@',
  xdigit: '0-9a-fA-F',
  word: '\\w',
};

type Piece =
  | { readonly kind: 'alternatives'; readonly options: readonly Piece[] }
  | { readonly kind: 'sequence'; readonly items: readonly Piece[] }
  | { readonly kind: 'repeat'; readonly item: Piece; readonly min: number; readonly max: number }
  | { readonly kind: 'characters'; readonly choices: string };

/** Up to `count` different texts that the pattern matches, simple ones first. Empty when the pattern cannot be compiled. */
export function patternSamples(pattern: string, count: number): string[] {
  const compiled = compilePattern(pattern);
  if (compiled === null) return [];
  const piece = new PatternReader(readable(pattern.replace(/^\(\?[ims]+\)/, ''))).read();
  const samples = new Set<string>();
  for (let variant = 0; variant < count * 4 && samples.size < count; variant += 1) {
    const text = generate(piece, variant, variant % 3);
    if (compiled.test(text)) samples.add(text);
  }
  return [...samples];
}

function generate(piece: Piece, variant: number, extra: number): string {
  switch (piece.kind) {
    case 'characters':
      return piece.choices.charAt(variant % Math.max(1, piece.choices.length));
    case 'sequence': {
      // Each item takes its share of the variant, so that all combinations come by.
      let rest = variant;
      return piece.items
        .map((item) => {
          const size = sizeOf(item);
          const text = generate(item, rest % size, extra);
          rest = Math.floor(rest / size);
          return text;
        })
        .join('');
    }
    case 'alternatives': {
      const size = piece.options.length;
      const option = piece.options[variant % size];
      return option === undefined ? '' : generate(option, Math.floor(variant / size), extra);
    }
    case 'repeat': {
      const times = Math.min(piece.max, Math.max(piece.min, piece.min === 0 ? (extra > 0 ? 1 : 0) : piece.min));
      return Array.from({ length: Math.min(times, 64) }, () => generate(piece.item, variant, extra)).join('');
    }
  }
}

/** How many different texts a piece is good for, up to a thousand. */
function sizeOf(piece: Piece): number {
  switch (piece.kind) {
    case 'characters':
      return Math.max(1, piece.choices.length);
    case 'repeat':
      return sizeOf(piece.item);
    case 'alternatives':
      return Math.min(1_000, piece.options.length * Math.max(...piece.options.map(sizeOf)));
    case 'sequence':
      return piece.items.reduce((product, item) => Math.min(1_000, product * sizeOf(item)), 1);
  }
}

const WORD = 'x1abcdefghijklmnopqrstuvwyz0';
const ESCAPES: Readonly<Record<string, string>> = {
  d: '1234567890',
  w: WORD,
  s: ' ',
  S: WORD,
  D: 'xab',
  W: '-',
  n: '\n',
  t: '\t',
};

/** Reads as much of the syntax as it takes to write samples; what it misreads is caught by testing them against the pattern. */
class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Piece {
    const options: Piece[] = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at += 1;
      options.push(this.#sequence());
    }
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'alternatives', options };
  }

  #sequence(): Piece {
    const items: Piece[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const item = this.#atom();
      if (item !== null) items.push(this.#repeated(item));
    }
    return { kind: 'sequence', items };
  }

  #atom(): Piece | null {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (character === '(') {
      const prefix = /^\?(?:P?<\w+>|[ims-]*:)/.exec(this.#text.slice(this.#at));
      this.#at += prefix?.[0].length ?? 0;
      const inner = this.read();
      this.#at += 1;
      return inner;
    }
    if (character === '[') return this.#class();
    if (character === '.') return { kind: 'characters', choices: WORD };
    if (character === '^' || character === '$') return null;
    if (character !== '\\') return { kind: 'characters', choices: character };
    const escaped = this.#text[this.#at] ?? '';
    this.#at += 1;
    if ('bBAz'.includes(escaped)) return null;
    return { kind: 'characters', choices: ESCAPES[escaped] ?? escaped };
  }

  #class(): Piece {
    const end = this.#text.indexOf(']', this.#at + (/^\^?\]/.exec(this.#text.slice(this.#at))?.[0].length ?? 0));
    const body = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    const negative = body.startsWith('^');
    const pattern = compilePattern(`[${body}]`);
    const pool = `${WORD}ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789-_./: ${negative ? '' : body.replaceAll('\\', '')}`;
    const choices = [...new Set(pool)].filter((character) => pattern?.test(character) ?? false).join('');
    return { kind: 'characters', choices: choices === '' ? 'x' : choices };
  }

  #repeated(item: Piece): Piece {
    const bounds = /^(?:([*+?])|\{(\d+)(,(\d*))?\})\??/.exec(this.#text.slice(this.#at));
    if (bounds === null) return item;
    this.#at += bounds[0].length;
    const [, sign, low, comma, high] = bounds;
    if (sign !== undefined)
      return { kind: 'repeat', item, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
    const min = Number(low);
    return { kind: 'repeat', item, min, max: comma === undefined ? min : high === '' ? Infinity : Number(high) };
  }
}
