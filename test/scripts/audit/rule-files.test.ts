import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAll } from '../../../monitoring/audit/findings/find.ts';
import { readExpression } from '../../../monitoring/audit/findings/read-expression.ts';
import { parseRuleFile } from '../../../monitoring/audit/rule-file/parse.ts';
import { runCommand } from '../../../scripts/process/run-command.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { Random } from '../../monitoring/promql/random.ts';
import { randomText } from '../../monitoring/promql/random-text.ts';
import { FILE_CASES } from './broken-files.ts';
import { CORPORA, corpusFiles } from './corpora.ts';

/** What firedrill says against a file: problems of the file, then expressions that are no PromQL. */
function complaints(text: string): string[] {
  const { file, problems } = parseRuleFile({ path: 'rules.yml', text });
  const syntax = findAll([file], { scrapeIntervalMs: 15_000 }).flatMap(({ findings }) =>
    findings.filter(({ id }) => id === 'syntax').map(({ explanation }) => explanation),
  );
  return [...problems.map(({ rule }) => rule), ...syntax];
}

describe('rule files as promtool check rules judges them', () => {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-rules-'));
  const accepted = new Map<string, boolean>();

  beforeAll(async () => {
    const promtool = await resolveTool('promtool', { install: false });
    const paths = FILE_CASES.map(({ text }, index) => {
      const path = join(dir, `${index}.yml`);
      writeFileSync(path, text);
      return path;
    });
    const plain = corpusFiles().filter(({ text }) => /^groups:/m.test(text));
    const all = [...paths, ...plain.map(({ path }) => path)];
    const { output } = await runCommand(promtool.path, ['check', 'rules', '--lint=none', ...all], {
      timeoutMs: 30_000,
    });
    const parts = output.split(/^Checking /m).slice(1);
    expect(parts).toHaveLength(all.length);
    for (const part of parts) accepted.set(part.split('\n')[0]?.trim() ?? '', /^ {2}SUCCESS/m.test(part));
  });

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(FILE_CASES.map((row, index) => ({ ...row, index })))('$name', ({ text, rule, differs, index }) => {
    const said = complaints(text);
    if (rule === null) expect(said).toEqual([]);
    else expect(said.join('\n')).toContain(rule);
    const byPromtool = accepted.get(join(dir, `${index}.yml`));
    expect(byPromtool, differs).toBe(differs === undefined ? rule === null : rule !== null);
  });

  test.skipIf(!existsSync(CORPORA))('files that other teams run', () => {
    const plain = corpusFiles().filter(({ text }) => /^groups:/m.test(text));
    expect(plain.length).toBeGreaterThan(15);
    for (const { path } of plain) {
      expect(complaints(readFileSync(path, 'utf8')), path).toEqual([]);
      expect(accepted.get(path), path).toBe(true);
    }
  });

  test('2,000 expressions by the grammar', async () => {
    const random = new Random(7);
    const texts = Array.from({ length: 2_000 }, () => randomText(random, 3));
    const path = join(dir, 'random.json');
    const rules = texts.map((expr, index) => ({ alert: `A${index}`, expr }));
    writeFileSync(path, JSON.stringify({ groups: [{ name: 'g', rules }] }));
    const promtool = await resolveTool('promtool', { install: false });
    const { output } = await runCommand(promtool.path, ['check', 'rules', '--lint=none', path], { timeoutMs: 30_000 });
    const refused = new Set(
      [...output.matchAll(/, "A(\d+)": could not parse expression/g)].map(([, index]) => Number(index)),
    );
    expect(refused.size).toBeGreaterThan(500);
    const differing = texts.filter((text, index) => {
      const read = readExpression(text);
      // What gives a range or a text fails when it runs; promtool only parses it.
      if ('error' in read && read.error.message.startsWith('a rule needs')) return refused.has(index);
      return 'error' in read !== refused.has(index);
    });
    expect(differing).toEqual([]);
  });
});

test('a damaged file never throws, and each problem has a place inside it', () => {
  const random = new Random(11);
  const signs = [
    ' ',
    '\n',
    '"',
    "'",
    ':',
    '- ',
    '{',
    ']',
    '#',
    '|',
    '&a ',
    '*a',
    '!',
    '\t',
    '{{',
    '\u0000',
    '\\',
    '<<: ',
  ];
  const good = FILE_CASES[0]?.text ?? '';
  let damaged = 0;
  for (let round = 0; round < 2_000; round++) {
    const at = random.int(good.length);
    const text = good.slice(0, at) + random.pick(signs) + good.slice(at + random.int(3));
    const lines = text.split('\n');
    const { problems } = parseRuleFile({ path: 'a.yml', text });
    if (problems.length > 0) damaged++;
    for (const { line, column } of problems) {
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    }
  }
  expect(damaged).toBeGreaterThan(500);
});
