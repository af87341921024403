import { createHash } from 'node:crypto';
import type { McpProbeSpec } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { ProbeFacts } from '../../result.ts';
import type { Dialogue } from './dialogue.ts';
import { asObject, type Json } from './json-rpc.ts';

/** A tool as a server lists it. */
export interface ListedTool {
  name: string;
  inputSchema: unknown;
}

/** More pages are no list but a loop. */
const MAX_PAGES = 100;
/** Hexadecimal digits of a schema hash: enough to tell versions of one tool apart. */
const HASH_DIGITS = 16;

/**
 * All tools of a server, page by page.
 * @throws ProbeFailure `protocol` for a list that does not end or is none.
 */
export async function listTools(dialogue: Dialogue): Promise<ListedTool[]> {
  const tools: ListedTool[] = [];
  const cursors = new Set<string>();
  for (let cursor: string | null = null; cursors.size < MAX_PAGES; ) {
    const page: Json = await dialogue.request('list', 'tools/list', cursor === null ? {} : { cursor });
    if (!Array.isArray(page.tools)) throw new ProbeFailure('protocol', 'tools/list answered without tools');
    for (const tool of page.tools.map(asObject)) {
      if (typeof tool?.name !== 'string') throw new ProbeFailure('protocol', 'tools/list has a tool without a name');
      tools.push({ name: tool.name, inputSchema: tool.inputSchema });
    }
    if (typeof page.nextCursor !== 'string') return tools;
    cursor = page.nextCursor;
    if (cursors.has(cursor)) throw new ProbeFailure('protocol', 'tools/list goes in circles');
    cursors.add(cursor);
  }
  throw new ProbeFailure('protocol', `tools/list has more than ${MAX_PAGES} pages`);
}

/** Hash of what a caller depends on: name and input schema, whatever the order of keys. Descriptions may change freely. */
export function schemaHash({ name, inputSchema }: ListedTool): string {
  const canonical = JSON.stringify(sorted({ name, inputSchema }));
  return createHash('sha256').update(canonical).digest('hex').slice(0, HASH_DIGITS);
}

/** Keywords whose keys are names of the server's own. */
const NAMED: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => sorted(item));
    // A set, by its meaning.
    return key === 'required' ? items.sort() : items;
  }
  const object = asObject(value);
  if (object === null) return value;
  const isNote = (name: string) => !NAMED.has(key) && (name === 'description' || name === 'title');
  return Object.fromEntries(
    Object.entries(object)
      .filter(([name]) => !isNote(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, child]) => [name, sorted(child, name)]),
  );
}

/**
 * Holds a list of tools against the catalogue, and notes what it found in `facts`.
 * @throws ProbeFailure `tools-missing`, `schema-changed`
 */
export function judgeTools(
  tools: readonly ListedTool[],
  { minTools, tools: required, schemas, canary }: Pick<McpProbeSpec, 'minTools' | 'tools' | 'schemas' | 'canary'>,
  facts: ProbeFacts,
): void {
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const needed = new Set([...required.map(({ name }) => name), ...(canary === null ? [] : [canary.tool])]);
  const missing = [...needed].filter((name) => !byName.has(name));
  const changed = Object.entries(schemas).flatMap(([name, hash]) => {
    const tool = byName.get(name);
    const actual = tool === undefined ? 'no tool' : schemaHash(tool);
    return actual === hash ? [] : [`${name} (now ${actual})`];
  });
  facts.mcp = { ...facts.mcp, tools: tools.length, missing: missing.length, changed: changed.length > 0 };
  if (missing.length > 0) {
    throw new ProbeFailure('tools-missing', `not listed: ${missing.join(', ')}; listed: ${names(tools)}`);
  }
  if (tools.length < minTools) {
    throw new ProbeFailure('tools-missing', `${tools.length} tools listed, at least ${minTools} expected`);
  }
  if (changed.length > 0) throw new ProbeFailure('schema-changed', `the schema changed of ${changed.join(', ')}`);
}

function names(tools: readonly ListedTool[]): string {
  const shown = tools.slice(0, 8).map(({ name }) => name.slice(0, 64));
  return shown.length === 0 ? 'none' : `${shown.join(', ')}${tools.length > shown.length ? ', ...' : ''}`;
}
