import { describe, expect, it } from 'vitest';
import { completionText } from '../../scenarios/lib/completion.ts';

const { stringify } = JSON;
const openai = (content: unknown) => stringify({ choices: [{ message: { content } }] });
const gemini = (...texts: unknown[]) =>
  stringify({ candidates: [{ content: { parts: texts.map((text) => ({ text })) } }] });
const NO_TEXT = { fault: 'the completion holds no text' };

describe('the text of a completion', () => {
  it.each([
    ['openai: the content of the first choice', 'openai', openai('ok'), 'ok'],
    ['gemini: all parts together', 'gemini', gemini('o', 'k'), 'ok'],
    ['gemini: parts without text are passed over', 'gemini', gemini(undefined, 'ok'), 'ok'],
    ['openai: an empty completion is a fault', 'openai', openai(''), NO_TEXT],
    ['openai: no choice is a fault', 'openai', '{"choices":[]}', NO_TEXT],
    ['gemini: no candidate is a fault', 'gemini', '{"candidates":[]}', NO_TEXT],
    ['openai: an error object is a fault', 'openai', '{"error":{"message":"quota"}}', NO_TEXT],
    ['null is a fault', 'openai', 'null', NO_TEXT],
    ['a page that is not JSON is a fault', 'gemini', '<html>', { fault: 'the completion is not JSON' }],
  ] as const)('%s', (_, answerText, body, expected) => {
    expect(completionText(body, { answerText })).toEqual(expected);
  });
});
