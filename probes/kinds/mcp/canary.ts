import { findMismatch } from '../../../thresholds/expectation.ts';
import type { Expectation, McpCanary } from '../../../thresholds/model.ts';
import { ProbeFailure } from '../../failure.ts';
import type { Dialogue, DialogueRun } from './dialogue.ts';
import { paramHeaders } from './header-values.ts';
import { asObject, type Json } from './json-rpc.ts';
import type { ListedTool } from './tools.ts';

/** How the TypeScript SDK words arguments that do not fit the schema, in a result with `isError`. */
const INVALID_ARGUMENTS = /^MCP error -32602\b/;

/**
 * Calls the canary and judges what it answers.
 * @throws ProbeFailure; `misconfigured` when the catalogue's arguments do not fit the tool: the server is not to blame.
 */
export async function callCanary(
  dialogue: Dialogue,
  { tool, arguments: args, expect, withinMs }: McpCanary,
  tools: readonly ListedTool[],
  { phases }: Pick<DialogueRun, 'phases'>,
): Promise<void> {
  const schema = tools.find(({ name }) => name === tool)?.inputSchema;
  const headers = dialogue.era === 'modern' ? paramHeaders(schema, args) : {};
  const result = await dialogue
    .request('call', 'tools/call', { name: tool, arguments: args }, headers)
    .catch((error) => {
      const isOurs = error instanceof ProbeFailure && error.reason === 'rpc-invalid';
      throw isOurs ? new ProbeFailure('misconfigured', error.message, { cause: error }) : error;
    });
  const text = textOf(result);
  if (result.isError === true) {
    const reason = INVALID_ARGUMENTS.test(text) ? 'misconfigured' : 'tool-error';
    throw new ProbeFailure(reason, `${tool} answered with isError: ${text.slice(0, 200) || 'no text'}`);
  }
  const structured = result.structuredContent;
  expectContent(expect, text, structured === undefined ? text : JSON.stringify(structured));
  expectWithin(tool, phases.call, withinMs);
}

/**
 * Holds the text of an answer against the pattern, and its JSON against the paths.
 * @throws ProbeFailure `text`, `json`, `not-json`
 */
export function expectContent(expect: Expectation, text: string, json: string): void {
  const of = (part: Partial<Expectation>, content: string) =>
    findMismatch(
      { status: [200], headers: {}, text: null, json: {}, ...part },
      { status: 200, text: content, header: none },
    );
  const mismatch = of({ text: expect.text }, text) ?? of({ json: expect.json }, json);
  if (mismatch !== undefined) throw new ProbeFailure(mismatch.reason, mismatch.detail);
}

/** @throws ProbeFailure `slow` */
export function expectWithin(tool: string, seconds: number, withinMs: number | null): void {
  if (withinMs === null || seconds * 1_000 <= withinMs) return;
  throw new ProbeFailure('slow', `${tool} took ${Math.round(seconds * 1_000)} ms, at most ${withinMs} ms allowed`);
}

function textOf({ content }: Json): string {
  if (!Array.isArray(content)) return '';
  const texts = content.map(asObject).filter((part) => part?.type === 'text');
  return texts.map((part) => String(part?.text ?? '')).join('');
}

const none = () => undefined;
