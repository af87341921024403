import { describe, expect, it } from 'vitest';
import { toolResultText } from '../../scenarios/lib/tool-result.ts';

const result = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'noon' }] } };
const notification = { jsonrpc: '2.0', method: 'notifications/message', params: {} };
const events = (...messages: unknown[]) =>
  messages.map((message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`).join('');
const { stringify } = JSON;

describe('the text of a tool result', () => {
  it.each([
    ['is the text of a plain JSON answer', stringify(result), 'noon'],
    ['is the text of an event stream', events(result), 'noon'],
    ['is found behind notifications', events(notification, result), 'noon'],
    ['is found in a stream with CRLF', events(result).replaceAll('\n', '\r\n'), 'noon'],
    ['is found in a data field of two lines', 'data: {"result":\ndata: {"content":[]}}\n\n', ''],
    [
      'is all text parts together',
      stringify({ result: { content: [{ type: 'text', text: 'a' }, { type: 'image' }, { type: 'text', text: 'b' }] } }),
      'ab',
    ],
    [
      'is the structured content where there is no text',
      stringify({ result: { structuredContent: { a: 1 } } }),
      '{"a":1}',
    ],
    [
      'is a fault when the tool reports an error, though HTTP says 200',
      stringify({ result: { isError: true, content: [{ type: 'text', text: 'no such zone' }] } }),
      { fault: 'the tool says: no such zone' },
    ],
    [
      'is a fault when JSON-RPC reports an error',
      stringify({ error: { code: -32602, message: 'bad' } }),
      { fault: 'JSON-RPC error -32602: bad' },
    ],
    ['is a fault when only notifications came', events(notification), { fault: 'the answer holds no JSON-RPC result' }],
    [
      'is a fault when the stream is cut short',
      events(result).slice(0, 40),
      { fault: 'the answer holds no JSON-RPC result' },
    ],
    ['is a fault when the body is empty', '', { fault: 'the answer holds no JSON-RPC result' }],
    ['is a fault when the body is no object', '[]', { fault: 'the answer holds no JSON-RPC result' }],
  ])('%s', (_, body, expected) => {
    expect(toolResultText(body)).toEqual(expected);
  });
});
