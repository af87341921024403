import { expect, test } from 'vitest';
import { type Answer, findMismatch } from '../../thresholds/expectation.ts';
import type { Expectation, Unwanted } from '../../thresholds/model.ts';

const anything: Expectation = { status: [200], json: {}, text: null, headers: {} };
const nothing: Unwanted = { status: [], json: {}, text: null, headers: {} };
const answer: Answer = {
  status: 200,
  text: '{"status":"ok","items":[{"id":7}],"n":null}',
  header: (name) => (name === 'content-type' ? 'application/json' : undefined),
};

test.each<[string, Partial<Expectation>, Partial<Answer>, string | undefined]>([
  ['the plain good answer', {}, {}, undefined],
  ['one of several statuses', { status: [200, 201] }, { status: 201 }, undefined],
  ['another status', {}, { status: 500 }, 'status'],
  ['no answer at all (status 0)', {}, { status: 0 }, 'status'],
  ['a header that matches', { headers: { 'Content-Type': '^application/json' } }, {}, undefined],
  ['a header that does not', { headers: { 'Content-Type': '^text' } }, {}, 'header'],
  ['a header that is absent', { headers: { 'X-Trace': '.' } }, {}, 'header'],
  ['text that matches', { text: '"ok"' }, {}, undefined],
  ['text that does not', { text: 'healthy' }, {}, 'text'],
  ['an exact JSON value', { json: { '$.status': 'ok', '$.items[0].id': 7, '$.n': null } }, {}, undefined],
  ['a wrong JSON value', { json: { '$.items[0].id': 8 } }, {}, 'json'],
  ['a number is not its text', { json: { '$.items[0].id': '7' } }, {}, 'json'],
  ['an absent path', { json: { '$.items[1].id': 7 } }, {}, 'json'],
  ['a path into a scalar', { json: { '$.status.a.b': 7 } }, {}, 'json'],
  ['a path into null', { json: { '$.n.a': 7 } }, {}, 'json'],
  ['a path into a body that is an array', { json: { '$[1]': 2 } }, { text: '[1,2]' }, undefined],
  [
    'a type',
    { json: { '$.items': { type: 'array' }, '$.status': { type: 'string' }, $: { type: 'object' } } },
    {},
    undefined,
  ],
  ['an array is no object', { json: { '$.items': { type: 'object' } } }, {}, 'json'],
  ['enough items', { json: { '$.items': { minItems: 1 } } }, {}, undefined],
  ['too few items', { json: { '$.items': { minItems: 2 } } }, {}, 'json'],
  ['a pattern', { json: { '$.status': { matches: '^o' } } }, {}, undefined],
  ['a body that is no JSON', { json: { '$.status': 'ok' } }, { text: '<html>' }, 'not-json'],
  ['nothing of what must not be', { not: { ...nothing, status: [500], text: 'down' } }, {}, undefined],
  ['a status that must not be', { not: { ...nothing, status: [200] } }, {}, 'status'],
  ['a text that must not be', { not: { ...nothing, text: '"ok"' } }, {}, 'text'],
  ['a header that must not be', { not: { ...nothing, headers: { 'Content-Type': 'json' } } }, {}, 'header'],
  ['a header that is not there', { not: { ...nothing, headers: { Server: '.' } } }, {}, undefined],
  ['a JSON value that must not be', { not: { ...nothing, json: { '$.n': null } } }, {}, 'json'],
  ['a JSON value that is not there', { not: { ...nothing, json: { '$.error': { type: 'string' } } } }, {}, undefined],
  ['no JSON to look for it in', { not: { ...nothing, json: { '$.a': 1 } } }, { text: '<html>' }, 'not-json'],
  ['both: what is expected comes first', { text: 'x', not: { ...nothing, status: [200] } }, {}, 'text'],
])('%s', (_, expected, seen, reason) => {
  expect(findMismatch({ ...anything, ...expected }, { ...answer, ...seen })?.reason).toBe(reason);
});
