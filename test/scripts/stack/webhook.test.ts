import { expect, onTestFinished, test } from 'vitest';
import { WebhookReceiver } from '../../../scripts/stack/webhook.ts';

/** A body of Alertmanager 0.25; later versions add fields. */
const BODY = {
  version: '4',
  groupKey: '{}:{alertname="A"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'team a/b',
  groupLabels: { alertname: 'A' },
  commonLabels: { alertname: 'A' },
  commonAnnotations: {},
  externalURL: 'http://localhost',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'A', system: 'demo' },
      annotations: { summary: 'down' },
      startsAt: '2026-01-02T03:04:05.678Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: 'http://localhost/graph',
      fingerprint: 'abc',
    },
  ],
};

async function receiver(): Promise<WebhookReceiver> {
  const webhook = await WebhookReceiver.start();
  onTestFinished(() => webhook.close());
  return webhook;
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

test('notes who got what and when, names with blanks and slashes included', async () => {
  const webhook = await receiver();
  const before = Date.now();
  expect((await post(webhook.urlFor('team a/b'), BODY)).status).toBe(200);
  expect(webhook.notifications).toHaveLength(1);
  const [notification] = webhook.notifications;
  expect(notification).toMatchObject({
    receiver: 'team a/b',
    statedReceiver: 'team a/b',
    status: 'firing',
    groupLabels: { alertname: 'A' },
    alerts: [
      { status: 'firing', labels: { system: 'demo' }, startsAt: '2026-01-02T03:04:05.678Z', fingerprint: 'abc' },
    ],
  });
  expect(notification?.arrivedAtMs).toBeGreaterThanOrEqual(before);
  expect(notification?.arrivedAtMs).toBeLessThanOrEqual(Date.now());
});

test('reads fields that it does not know, and does without those that it does not need', async () => {
  const webhook = await receiver();
  const lean = { status: 'resolved', notification_reason: 'new', alerts: [{ status: 'resolved', labels: { a: 'b' } }] };
  expect((await post(webhook.urlFor('x'), lean)).status).toBe(200);
  expect(webhook.notifications).toMatchObject([
    { receiver: 'x', statedReceiver: '', alerts: [{ labels: { a: 'b' } }] },
  ]);
});

test.each([
  ['no JSON', '{', 'JSON'],
  ['no object', '[]', 'not a JSON object'],
  ['no alerts', { ...BODY, alerts: undefined }, 'a notification without "alerts"'],
  ['an unknown status', { ...BODY, status: 'maybe' }, 'status "maybe", neither "firing" nor "resolved"'],
])('refuses a body that is %s, and keeps the reason', async (_, body, reason) => {
  const webhook = await receiver();
  expect((await post(webhook.urlFor('x'), body)).status).toBe(400);
  expect(webhook.notifications).toEqual([]);
  expect(webhook.rejected).toEqual([expect.stringContaining(reason)]);
});

test('refuses other paths and methods', async () => {
  const webhook = await receiver();
  expect((await post(`${webhook.url}/elsewhere`, BODY)).status).toBe(400);
  expect((await fetch(webhook.urlFor('x'))).status).toBe(400);
  expect(webhook.rejected).toEqual([
    'POST /elsewhere: not a receiver of this server',
    'GET /receiver/x: not a receiver of this server',
  ]);
});

test('finds a past and a coming notification, and gives up at the deadline', async () => {
  const webhook = await receiver();
  const coming = webhook.waitFor(({ receiver }) => receiver === 'b', 10_000);
  await post(webhook.urlFor('a'), BODY);
  await post(webhook.urlFor('b'), BODY);
  expect(await coming).toMatchObject({ receiver: 'b' });
  expect(await webhook.waitFor(({ receiver }) => receiver === 'a', 10_000)).toMatchObject({ receiver: 'a' });
  expect(await webhook.waitFor(() => false, 50)).toBeUndefined();
});

test('can answer with an error or slowly, one receiver at a time, and still notes what was sent', async () => {
  const webhook = await receiver();
  webhook.behave('bad', { status: 500 });
  webhook.behave('slow', { delayMs: 200 });
  expect((await post(webhook.urlFor('bad'), BODY)).status).toBe(500);
  const started = performance.now();
  expect((await post(webhook.urlFor('slow'), BODY)).status).toBe(200);
  expect(performance.now() - started).toBeGreaterThan(150);
  expect((await post(webhook.urlFor('good'), BODY)).status).toBe(200);
  expect(webhook.notifications.map(({ receiver }) => receiver)).toEqual(['bad', 'slow', 'good']);
});

test('closing ends waits and slow answers at once', async () => {
  const webhook = await WebhookReceiver.start();
  webhook.behave('slow', { delayMs: 60_000 });
  const answer = post(webhook.urlFor('slow'), BODY).catch(() => 'cut');
  await webhook.waitFor(() => true, 10_000);
  const wait = webhook.waitFor(() => false, 60_000);
  await webhook.close();
  expect(await wait).toBeUndefined();
  expect(await answer).toBe('cut');
});
