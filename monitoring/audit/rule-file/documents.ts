import { Composer, type Document, isAlias, isNode, LineCounter, type Node, Parser, visit } from 'yaml';
import type { Problem, SourceFile } from '../../../thresholds/load/problem.ts';
import { lenientLexer } from './lexer.ts';

/** The largest file that is read: Kubernetes takes none above 1.5 MB, and no published collection comes near this. */
export const MAX_FILE_BYTES = 8_000_000;

/** Syntax errors of one file that are told; a file that is no YAML at all has one for each line. */
const MAX_SYNTAX_PROBLEMS = 5;
/** What the Go library that reads rule files refuses: everything but tab, line ends and printable characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNREADABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/;
/** A line that only a template has; rule files themselves carry actions such as {{ $labels.job }} inside their values. */
const TEMPLATE_LINE = /^[ \t]*(?:\{\{|\{%|\{#)/m;

/** The documents of a YAML file, and where its offsets stand. */
export interface ParsedText {
  file: SourceFile;
  documents: readonly Document.Parsed[];
  lines: LineCounter;
  /** What each alias stands for. */
  aliases: ReadonlyMap<Node, Node>;
}

/**
 * Parses the text of a rule file. Time and memory are linear in its length: keys are not compared with each other here, and aliases are
 * not expanded.
 */
export function parseText(file: SourceFile): { parsed: ParsedText; problems: Problem[] } {
  const lines = countLines(file.text);
  const nothing = { file, documents: [], lines, aliases: new Map() };
  const unreadable = UNREADABLE.exec(file.text);
  if (unreadable !== null) {
    const shown = `U+${unreadable[0].charCodeAt(0).toString(16).padStart(4, '0')}`;
    const rule = `the control character ${shown} is not allowed in YAML`;
    const place = placeInText(file.text, unreadable.index);
    return {
      parsed: nothing,
      problems: [
        { file: file.path, ...place, length: 1, path: '', rule, fix: 'give a text file; remove the character' },
      ],
    };
  }
  const documents = composeDocuments(file.text);
  const parsed = { file, documents, lines, aliases: resolveAliases(documents) };
  const errors = documents.flatMap((document) => document.errors);
  const problems = errors.slice(0, MAX_SYNTAX_PROBLEMS).map((error) => ({
    file: file.path,
    ...placeOfOffset(lines, error.pos[0]),
    length: Math.max(1, error.pos[1] - error.pos[0]),
    path: '',
    rule: syntaxRule(error.message),
    fix: TEMPLATE_LINE.test(file.text)
      ? 'this looks like a template: render it first (helm template, jinja2, jsonnet) and give the result'
      : 'correct the syntax; quote text that holds : { } [ ] # or starts with a special character',
  }));
  return { parsed, problems };
}

function syntaxRule(message: string): string {
  if (message.includes('call stack')) return 'it nests deeper than any rule file';
  return `not YAML: ${message.split('\n')[0]}`;
}

/** Where each line starts. The parser's own count loses lines behind an error. */
function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

function composeDocuments(text: string): Document.Parsed[] {
  const parser = new Parser();
  // `uniqueKeys` compares each key with each other one: quadratic. Maps are checked when they are read.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, merge: false });
  const tokens = function* () {
    for (const lexeme of lenientLexer().lex(text)) yield* parser.next(lexeme);
    yield* parser.end();
  };
  return [...composer.compose(tokens())] as Document.Parsed[];
}

/** Line and column, from 1, of an offset in a parsed file. */
export function placeOfOffset(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function placeInText(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** An alias stands for the latest node before it that carries its anchor. */
function resolveAliases(documents: readonly Document.Parsed[]): Map<Node, Node> {
  const aliases = new Map<Node, Node>();
  for (const document of documents) {
    const anchors = new Map<string, Node>();
    if (document.errors.length > 0) continue;
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) {
          const target = anchors.get(node.source);
          if (target !== undefined) aliases.set(node, target);
        } else if (isNode(node) && 'anchor' in node && typeof node.anchor === 'string') {
          anchors.set(node.anchor, node);
        }
      },
    });
  }
  return aliases;
}
