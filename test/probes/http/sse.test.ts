import { describe, expect, it } from 'vitest';
import { createSseParser, type SseEvent } from '../../../probes/http/sse.ts';

function parse(bytes: Uint8Array, sizes: (left: number) => number = (left) => left) {
  const events: SseEvent[] = [];
  const comments: string[] = [];
  const parser = createSseParser({
    onEvent: (event) => events.push(event),
    onComment: (text) => comments.push(text),
  });
  for (let from = 0; from < bytes.length; ) {
    const size = sizes(bytes.length - from);
    parser.push(bytes.subarray(from, from + size));
    from += size;
  }
  return { events, comments, pending: parser.pendingLength() };
}

const read = (text: string) => parse(Buffer.from(text));
const event = (data: string, change: Partial<SseEvent> = {}): SseEvent => ({
  type: 'message',
  data,
  id: null,
  ...change,
});

describe('the parser of server-sent events', () => {
  it.each<[string, string, SseEvent[]]>([
    ['data and a blank line are an event', 'data: a\n\n', [event('a')]],
    ['only the first space after the colon is dropped', 'data:  a \n\n', [event(' a ')]],
    ['the space may be missing', 'data:a\n\n', [event('a')]],
    ['several lines of data are joined', 'data: a\ndata: b\n\n', [event('a\nb')]],
    ['an empty line of data counts', 'data\ndata\n\n', [event('\n')]],
    [
      'an event has a type and an id of its own',
      'event: x\nid: 7\ndata: a\n\ndata: b\n\n',
      [event('a', { type: 'x', id: '7' }), event('b')],
    ],
    ['an id with a NUL is ignored', 'id: a\0b\ndata: a\n\n', [event('a')]],
    ['an event without data is none', 'event: x\nid: 1\n\ndata: b\n\n', [event('b')]],
    ['retry and unknown fields are ignored', 'retry: 10\nfoo: bar\ndata: a\n\n', [event('a')]],
    ['lines end with a carriage return too', 'data: a\r\rdata: b\r\n\r\n', [event('a'), event('b')]],
    ['a byte order mark is dropped', '\uFEFFdata: a\n\n', [event('a')]],
    ['a colon may stand in the data', 'data: {"a":1}\n\n', [event('{"a":1}')]],
    ['an event without its blank line is not delivered', 'data: a\n', []],
    ['many blank lines are one', 'data: a\n\n\n\ndata: b\n\n', [event('a'), event('b')]],
  ])('%s', (_, text, events) => {
    expect(read(text).events).toEqual(events);
  });

  it('tells comments apart from events', () => {
    expect(read(': keep-alive\n\n:\ndata: a\n\n')).toMatchObject({
      comments: [' keep-alive', ''],
      events: [event('a')],
    });
  });

  it('tells what is held of an unfinished event', () => {
    expect(read('data: abc\nda').pending).toBe(5);
    expect(read('data: abc\n\n').pending).toBe(0);
  });

  it('reads the same however the bytes are cut', () => {
    const text = ': hi\r\nevent: x\r\ndata: Grüße 🎵\r\ndata: b\r\n\r\ndata: c\r\rid: 1\ndata: d\n\ndata: e\r\n\r\n';
    const bytes = Buffer.from(text);
    const whole = parse(bytes);
    expect(whole.events.map(({ data }) => data)).toEqual(['Grüße 🎵\nb', 'c', 'd', 'e']);
    for (let size = 1; size < 12; size += 1) expect(parse(bytes, () => size)).toEqual(whole);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(parse(bytes, (left) => (left === bytes.length ? cut : left))).toEqual(whole);
    }
  });
});
