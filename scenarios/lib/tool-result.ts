import type { Fault } from './measure.ts';

interface RpcMessage {
  error?: { code?: number; message?: string };
  result?: { isError?: boolean; content?: { type?: string; text?: string }[]; structuredContent?: unknown };
}

/** The text of a tool's result in a JSON-RPC answer, plain or as one event stream. Errors come with status 200 too. */
export function toolResultText(body: string): string | Fault {
  const message = rpcMessage(body);
  if (message === undefined) return { fault: 'the answer holds no JSON-RPC result' };
  if (message.error) return { fault: `JSON-RPC error ${message.error.code}: ${message.error.message}` };
  const { result } = message;
  if (result === undefined) return { fault: 'the answer holds no JSON-RPC result' };
  const texts = (result.content ?? []).filter((part) => part.type === 'text').map((part) => part.text ?? '');
  if (result.isError === true) return { fault: `the tool says: ${texts.join(' ') || 'isError'}` };
  if (texts.length > 0) return texts.join('');
  return result.structuredContent === undefined ? '' : JSON.stringify(result.structuredContent);
}

/** The message with a result or an error: notifications may stand before it in a stream. */
function rpcMessage(body: string): RpcMessage | undefined {
  const texts = body.startsWith('{') ? [body] : eventData(body);
  for (const text of texts) {
    try {
      const message = JSON.parse(text);
      if (message !== null && typeof message === 'object' && ('result' in message || 'error' in message))
        return message;
    } catch {
      // A damaged message is no answer; a later one may be.
    }
  }
  return undefined;
}

/** The data of each event: its `data:` lines joined by newlines, as the event stream format has it. */
function eventData(body: string): string[] {
  return body.split(/\r?\n\r?\n/).map((event) =>
    event
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
      .join('\n'),
  );
}
