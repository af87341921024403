/** One event of a stream. */
export interface SseEvent {
  /** `message` where the stream names none. */
  type: string;
  /** Lines joined by a line feed. */
  data: string;
  /** The event's own id; null where it has none. */
  id: string | null;
}

export interface SseHandlers {
  /** A whole event, called as soon as the blank line that ends it is read. */
  onEvent(event: SseEvent): void;
  /** A comment line without its colon: servers send them to keep the connection open. */
  onComment?(text: string): void;
}

export interface SseParser {
  /** Takes the next bytes, cut anywhere: inside of a character or a line end too. */
  push(chunk: Uint8Array): void;
  /** Characters held of an event that is not complete; at the end of a stream, what would be lost. */
  pendingLength(): number;
}

/**
 * Reads server-sent events as they come (WHATWG HTML, 9.2.6). It holds one event at most; whoever feeds it limits how much that is.
 * An event without its closing blank line is never delivered, as the specification asks.
 */
export function createSseParser({ onEvent, onComment }: SseHandlers): SseParser {
  // Replaces broken UTF-8 and drops a byte order mark at the start, both as specified.
  const decoder = new TextDecoder();
  let rest = '';
  // A carriage return at the end of a chunk may be the first half of a line end.
  let skipLineFeed = false;
  let type = '';
  let data: string | null = null;
  let id: string | null = null;

  const dispatch = () => {
    if (data !== null) onEvent({ type: type === '' ? 'message' : type, data, id });
    type = '';
    data = null;
    id = null;
  };
  const takeLine = (line: string) => {
    if (line === '') return dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return onComment?.(line.slice(1));
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data = data === null ? value : `${data}\n${value}`;
    else if (field === 'event') type = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return {
    push(chunk) {
      let text = decoder.decode(chunk, { stream: true });
      if (text === '') return;
      if (skipLineFeed && text[0] === '\n') text = text.slice(1);
      skipLineFeed = false;
      let start = 0;
      for (let end = lineEnd(text, 0); end >= 0; end = lineEnd(text, start)) {
        takeLine(rest + text.slice(start, end));
        rest = '';
        start = end + 1;
        if (text[end] !== '\r') continue;
        if (text[start] === '\n') start += 1;
        else skipLineFeed = start === text.length;
      }
      rest += text.slice(start);
    },
    pendingLength: () => rest.length + (data?.length ?? 0),
  };
}

function lineEnd(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return -1;
}
