import type { IncomingMessage, RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { HttpStep } from '../../../thresholds/model.ts';
import { context, httpSpec, httpStep, options, runOnce, serveHttp, target, unexplainedSeconds } from '../support.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Runs the steps against a server and gives what it was sent. */
async function probe(
  answer: (seen: Seen, response: Parameters<RequestListener>[1]) => void,
  steps: Partial<HttpStep>[],
) {
  const requests: Seen[] = [];
  await using server = await serveHttp((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const seen = { method: request.method, url: request.url, headers: request.headers, body };
      requests.push(seen);
      answer(seen, response);
    });
  });
  const [first, ...rest] = steps.map((step) => httpStep(step));
  const spec = httpSpec({ steps: [first ?? httpStep(), ...rest] });
  const result = await runOnce(context, target({ url: `http://127.0.0.1:${server.port}`, spec }), options());
  return { result, requests };
}

const login = { name: 'login', method: 'POST', path: '/login' };
const JSON_HEADERS = { 'content-type': 'application/json' };

describe('a probe of several steps', () => {
  it('carries values from JSON, text and headers into path, headers and body', async () => {
    const { result, requests } = await probe(
      ({ url }, response) => {
        if (url !== '/login') return void response.end('{"ok":true}');
        response.setHeader('x-tenant', 'tenant-7').end('{"token":"s3cret","user":{"id":42},"page":"csrf=\\"a b\\""}');
      },
      [
        {
          ...login,
          extract: {
            token: { json: '$.token' },
            id: { json: '$.user.id' },
            csrf: { text: 'csrf=(\\\\"a b\\\\")' },
            tenant: { header: 'X-Tenant' },
          },
        },
        {
          name: 'order',
          method: 'POST',
          path: '/users/{{id}}/orders?note={{csrf}}',
          headers: { ...JSON_HEADERS, Authorization: 'Bearer {{token}}', 'X-Tenant': '{{tenant}}' },
          body: '{"note":"{{csrf}}"}',
          expect: { ...httpStep().expect, json: { '$.ok': true } },
        },
      ],
    );
    expect(result).toMatchObject({ outcome: 'success', facts: { stepsCompleted: 2 } });
    expect(requests[1]).toMatchObject({
      method: 'POST',
      url: '/users/42/orders?note=%5C%22a%20b%5C%22',
      headers: { authorization: 'Bearer s3cret', 'x-tenant': 'tenant-7' },
      body: '{"note":"\\\\\\"a b\\\\\\""}',
    });
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({ note: '\\"a b\\"' });
  });

  it('adds the phases of all steps up', async () => {
    const { result } = await probe((_, response) => void setTimeout(() => response.end(), 30), [{}, {}, {}]);
    expect(result.phases.processing).toBeGreaterThan(0.08);
    expect(Math.abs(unexplainedSeconds(result))).toBeLessThan(1e-9);
  });

  it('ends at the first that fails, and names it', async () => {
    const { result, requests } = await probe(
      ({ url }, response) => void response.writeHead(url === '/cart' ? 500 : 200).end(),
      [login, { name: 'cart', path: '/cart' }, { name: 'logout', path: '/logout' }],
    );
    expect(result).toMatchObject({
      outcome: 'failure',
      reason: 'status',
      detail: 'step 2 of 3 (cart): status 500, expected 200',
      facts: { stepsCompleted: 1, status: 500 },
    });
    expect(requests.map(({ url }) => url)).toEqual(['/login', '/cart']);
  });

  it.each<[string, HttpStep['extract'], string, object]>([
    [
      'a JSON path',
      { token: { json: '$.token' } },
      '{"user":1}',
      { detail: 'step 1 of 2 (login): no token at $.token' },
    ],
    ['a body that is no JSON', { token: { json: '$.token' } }, '<html>', {}],
    ['an object in place of a value', { token: { json: '$.user' } }, '{"user":{"a":1}}', {}],
    ['an empty value', { token: { json: '$.token' } }, '{"token":""}', {}],
    [
      'a pattern',
      { csrf: { text: 'csrf=(\\w+)' } },
      'none',
      { detail: 'step 1 of 2 (login): no csrf at /csrf=(\\w+)/' },
    ],
    ['a header', { id: { header: 'X-Id' } }, '', { detail: 'step 1 of 2 (login): no id at header X-Id' }],
    ['a value without bounds', { all: { text: '.+' } }, 'x'.repeat(10_000), {}],
  ])('fails when there is nothing to carry: %s', async (_, extract, body, expected) => {
    const { result, requests } = await probe((_, response) => void response.end(body), [{ ...login, extract }, {}]);
    expect(result).toMatchObject({ outcome: 'failure', reason: 'extract', facts: {}, ...expected });
    expect(requests).toHaveLength(1);
    expect(result.facts.stepsCompleted ?? 0).toBe(0);
  });

  it('keeps what it carries in headers at its origin', async () => {
    const seen: (string | undefined)[][] = [];
    await using other = await serveHttp(({ headers }, response) => {
      seen.push([headers['x-token'] as string | undefined, headers['x-tenant'] as string | undefined]);
      response.end();
    });
    const { result, requests } = await probe(
      ({ url }, response) => {
        if (url === '/login') response.end('{"token":"s3cret"}');
        else response.writeHead(302, { location: `http://127.0.0.1:${other.port}/` }).end();
      },
      [{ ...login, extract: { token: { json: '$.token' } } }, { headers: { 'X-Token': '{{token}}', 'X-Tenant': 'a' } }],
    );
    expect(result.outcome).toBe('success');
    expect(requests[1]?.headers['x-token']).toBe('s3cret');
    expect(seen).toEqual([[undefined, 'a']]);
  });

  it('lets no value of the peer become a header of its own', async () => {
    const { result, requests } = await probe(
      (_, response) => void response.end('{"token":"a\\r\\nX-Admin: yes"}'),
      [{ ...login, extract: { token: { json: '$.token' } } }, { headers: { 'X-Token': '{{token}}' } }],
    );
    expect(result).toMatchObject({ outcome: 'failure', reason: 'extract' });
    expect(result.detail).not.toContain('X-Admin');
    expect(requests).toHaveLength(1);
  });
});

describe('cookies', () => {
  it('go along, replaced and removed as the server says', async () => {
    const set: Record<string, string[]> = {
      '/login': ['session=abc; Path=/; HttpOnly', 'old=1; Path=/', 'deep=1; Path=/admin', 'tls=1; Path=/; Secure'],
      '/next': ['session=def; Path=/', 'old=; Path=/; Max-Age=0'],
    };
    const { requests } = await probe(
      ({ url = '' }, response) => void response.setHeader('set-cookie', set[url] ?? []).end(),
      [login, { path: '/next' }, { path: '/last' }, { path: '/admin/x' }],
    );
    expect(requests.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      'session=abc; old=1',
      'session=def',
      'deep=1; session=def',
    ]);
  });

  it('go along with a redirect, and not to another host', async () => {
    const seen: (string | undefined)[] = [];
    await using other = await serveHttp(({ headers }, response) => {
      seen.push(headers.cookie);
      response.end();
    });
    const { result, requests } = await probe(
      ({ url }, response) => {
        if (url === '/login') response.writeHead(302, { location: '/home', 'set-cookie': 'session=abc; Path=/' }).end();
        else response.writeHead(302, { location: `http://localhost:${other.port}/` }).end();
      },
      [login],
    );
    expect(result.outcome).toBe('success');
    expect(requests[1]?.headers.cookie).toBe('session=abc');
    expect(seen).toEqual([undefined]);
  });

  it('do not outlive their run', async () => {
    const { requests } = await probe(
      (_, response) => void response.setHeader('set-cookie', 'a=1; Path=/').end(),
      [login],
    );
    expect(requests[0]?.headers.cookie).toBeUndefined();
  });
});
