import { Lexer } from 'yaml';

/** The part of the lexer of `yaml` that decides whether a quoted text goes on in the next line. */
interface QuotedLexer {
  indentNext: number;
  parseQuotedScalar: () => Generator<string, unknown>;
}

/**
 * A lexer that takes quoted texts whose further lines are indented less than YAML 1.2 asks for. The library that Prometheus reads its
 * files with takes them, and published rule files have them.
 */
export function lenientLexer(): Lexer {
  const lexer = new Lexer();
  const inner = lexer as unknown as QuotedLexer;
  const strict = inner.parseQuotedScalar;
  inner.parseQuotedScalar = function* () {
    const indent = inner.indentNext;
    inner.indentNext = 0;
    const next = yield* strict.call(inner);
    inner.indentNext = indent;
    return next;
  };
  return lexer;
}
