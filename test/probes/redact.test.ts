import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../probes/redact.ts';

const SECRET = 'pa"ss/w0rd+x';

describe('a detail without secrets', () => {
  it.each([
    ['as it is', `got ${SECRET}, expected`, 'got [secret], expected'],
    ['twice', `${SECRET} ${SECRET}`, '[secret] [secret]'],
    ['in JSON', `got ${JSON.stringify(`a ${SECRET} b`)}`, 'got "a [secret] b"'],
    ['in a URL', `GET /?key=${encodeURIComponent(SECRET)}`, 'GET /?key=[secret]'],
    ['in a basic credential', 'got Authorization: Basic b3BzOnBhc3N3b3Jk', 'got Authorization: Basic [secret]'],
    ['in a bearer credential', 'got authorization: bearer abc.def-123', 'got authorization: bearer [secret]'],
    ['cut off by an excerpt', 'got "key pa"ss/w0"', 'got "key [secret]"'],
    ['cut off at the end', 'got key pa"ss/w0', 'got key [secret]'],
    ['cut off by dots', 'got key pa"ss...', 'got key [secret]...'],
    ['nowhere', 'status 500, expected 200', 'status 500, expected 200'],
  ])('%s', (_, text, clean) => {
    const { note, redact } = createRedactor();
    note(SECRET);
    expect(redact(text)).toBe(clean);
  });

  it('leaves short words alone, and forgets the oldest of many', () => {
    const { note, redact } = createRedactor();
    note('on');
    expect(redact('on and on')).toBe('on and on');
    note('oldest-of-all');
    for (let i = 0; i < 256; i += 1) note(`number-${i}-hidden`);
    expect(redact('number-255-hidden oldest-of-all')).toBe('[secret] oldest-of-all');
  });
});
