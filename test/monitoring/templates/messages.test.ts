import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { deriveAlertmanagerConfig } from '../../../monitoring/alertmanager-config.ts';
import { deriveTemplates, TEMPLATE_FILE } from '../../../monitoring/templates/templates.ts';
import { ProcessScope } from '../../../scripts/process/scope.ts';
import { type Alertmanager, startAlertmanager } from '../../../scripts/stack/alertmanager.ts';
import { resolveTool } from '../../../scripts/tools/resolve.ts';
import { catalogueOf, SHOP } from '../support.ts';
import { type Capture, startCapture } from './capture.ts';

const START = '2026-11-20T10:00:00Z';
const RUNBOOK = 'https://runbooks.example.com/runbook.md#shop-higherrorrate';
const DASHBOARD = 'https://grafana.example.com/d/shop-overview?var-service=api&from=now-1h';

let dir: string;
let scope: ProcessScope;
let capture: Capture;
let alertmanager: Alertmanager;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firedrill-messages-'));
  scope = new ProcessScope();
  capture = await startCapture();
  alertmanager = await startAlertmanager({
    scope,
    tool: await resolveTool('alertmanager'),
    dir,
    config: toCapture(),
    files: { [TEMPLATE_FILE]: deriveTemplates() },
  });
});

afterAll(async () => {
  await scope?.stopAll();
  await capture?.close();
  await rm(dir, { recursive: true, force: true });
});

/** The receivers as they are deployed, all in one, with nothing changed but where they send. */
function toCapture(): string {
  const config = deriveAlertmanagerConfig(catalogueOf(SHOP));
  const merged = Object.assign({ name: 'all' }, ...(config?.receivers ?? []).map(({ name: _, ...rest }) => rest));
  const moved = (key: string, without: string[], settings: object) => {
    const [entry] = merged[key];
    merged[key] = [
      { ...Object.fromEntries(Object.entries(entry).filter(([name]) => !without.includes(name))), ...settings },
    ];
  };
  moved('slack_configs', ['api_url_file'], { api_url: `${capture.url}/slack` });
  moved('discord_configs', [], { webhook_url: `${capture.url}/discord` });
  moved('pagerduty_configs', ['routing_key_file'], { routing_key: 'k', url: `${capture.url}/pagerduty` });
  moved('email_configs', ['auth_username', 'auth_password_file'], { smarthost: capture.smarthost, require_tls: false });
  moved('webhook_configs', [], { url: `${capture.url}/webhook` });
  return stringify({
    templates: config?.templates,
    route: {
      receiver: 'all',
      group_by: ['alertname'],
      group_wait: '150ms',
      group_interval: '300ms',
      repeat_interval: '1h',
    },
    receivers: [merged],
  });
}

async function post(alerts: object[]): Promise<void> {
  const response = await fetch(`${alertmanager.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  expect(response.status, await response.text()).toBe(200);
}

function alert(name: string, labels: object = {}, rest: object = {}) {
  return {
    labels: {
      alertname: name,
      system: 'shop',
      service: 'api',
      environment: 'prod',
      severity: 'critical',
      objective: 'errors',
      team: 'shop',
      ...labels,
    },
    annotations: {
      summary: 'More than 10 % of the answers of api fail',
      description: '12.5 % of 1,204 requests failed in 5 minutes.',
      runbook_url: RUNBOOK,
      dashboard_url: DASHBOARD,
    },
    startsAt: START,
    generatorURL: 'http://prometheus.example.com/graph?g0.expr=up',
    ...rest,
  };
}

function utc(moment: string): string {
  return `${moment.slice(0, 19).replace('T', ' ')} UTC`;
}

interface Messages {
  slack: {
    title: string;
    text: string;
    color: string;
    fallback: string;
    actions: { text: string; url: string; type: string }[];
  };
  discord: { title: string; description: string };
  pagerduty: Record<string, unknown> & { payload: Record<string, unknown> };
  mail: Capture['mails'][number];
}

/** How many alerts fire and have ended: texts up to Alertmanager 0.28, numbers in later ones. */
function numbers({ payload }: Messages['pagerduty']): number[] {
  const { num_firing, num_resolved } = payload.custom_details as Record<string, unknown>;
  return [Number(num_firing), Number(num_resolved)];
}

/** What every receiver was sent about an alert name, with this status in its title. */
function messagesOf(name: string, status: string): Promise<Messages> {
  const title = (text: unknown) => typeof text === 'string' && text.startsWith(`${status} · ${name}`);
  return capture.until(() => {
    const slack = capture.posts('/slack').flatMap(({ attachments }) => attachments as Messages['slack'][]);
    const discord = capture.posts('/discord').flatMap(({ embeds }) => embeds as Messages['discord'][]);
    const found = {
      slack: slack.find((each) => title(each.title)),
      discord: discord.find((each) => title(each.title)),
      pagerduty: (capture.posts('/pagerduty') as Messages['pagerduty'][]).find(({ payload }) => title(payload.summary)),
      mail: capture.mails.find(({ subject }) => title(subject)),
    };
    return Object.values(found).includes(undefined) ? undefined : (found as Messages);
  });
}

describe('messages of the real Alertmanager', () => {
  test('an alert is told with its subject, value, team, time and links', async () => {
    await post([alert('HighErrorRate', { provider: 'gemini' })]);
    const { slack, discord, pagerduty, mail } = await messagesOf('HighErrorRate', 'CRITICAL');
    const title = 'CRITICAL · HighErrorRate · shop/api (prod)';
    const facts = 'shop/api (prod) · objective errors · team shop · provider=gemini';
    expect(slack).toMatchObject({ title, fallback: title, color: 'danger' });
    expect(slack.text).toBe(
      `*More than 10 % of the answers of api fail*\n12.5 % of 1,204 requests failed in 5 minutes.\n${facts}\nsince 2026-11-20 10:00:00 UTC`,
    );
    expect(slack.actions).toMatchObject([
      { type: 'button', text: 'Runbook', url: RUNBOOK },
      { type: 'button', text: 'Dashboard', url: DASHBOARD },
    ]);
    expect(discord.title).toBe(title);
    expect(discord.description).toBe(
      `**More than 10 % of the answers of api fail**\n12.5 % of 1,204 requests failed in 5 minutes.\n${facts}\nsince 2026-11-20 10:00:00 UTC\n\n[Runbook](${RUNBOOK}) · [Dashboard](${DASHBOARD})`,
    );
    expect(pagerduty).toMatchObject({
      event_action: 'trigger',
      payload: { summary: title, severity: 'critical', class: 'HighErrorRate', group: 'shop', component: 'api' },
      links: [
        { text: 'Runbook', href: RUNBOOK },
        { text: 'Dashboard', href: DASHBOARD },
      ],
    });
    expect(numbers(pagerduty)).toEqual([1, 0]);
    expect(mail.subject).toBe(title);
    expect(mail.to).toBe('a@example.com');
    expect(mail.text).toContain(
      `12.5 % of 1,204 requests failed in 5 minutes.\n${facts}\nsince 2026-11-20 10:00:00 UTC`,
    );
    expect(mail.text).toContain(`Runbook: ${RUNBOOK}\nDashboard: ${DASHBOARD}`);
    expect(mail.html).toContain('More than 10 % of the answers of api fail');
    expect(mail.html).toContain(`href="${DASHBOARD.replace('&', '&amp;')}"`);
  });

  test('quotes, new lines and mark-up in labels stay text', async () => {
    const wild = '"a"\n<!channel> *b* _c_ <script>alert(1)</script> & [x](http://evil)';
    await post([
      alert('Wild', { service: wild, severity: 'warning' }, { annotations: { summary: `service ${wild}` } }),
    ]);
    const { slack, discord, pagerduty, mail } = await messagesOf('Wild', 'WARNING');
    const inLine = '"a" <!channel> *b* _c_ <script>alert(1)</script> & [x](http://evil)';
    const inSlack = inLine.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    expect(slack.title).toBe(`WARNING · Wild · shop/${inSlack} (prod)`);
    expect(slack.text.split('\n')[0]).toBe(`*service ${inSlack}*`);
    expect(slack.color).toBe('warning');
    const inDiscord = inLine.replaceAll(/[*_<>[\]]/g, String.raw`\$&`);
    expect(discord.title).toBe(`WARNING · Wild · shop/${inDiscord} (prod)`);
    expect(discord.description.split('\n')[0]).toBe(`**service ${inDiscord}**`);
    expect(pagerduty.payload).toMatchObject({ severity: 'warning', summary: `WARNING · Wild · shop/${inLine} (prod)` });
    expect(mail.subject).toBe(`WARNING · Wild · shop/${inLine} (prod)`);
    expect(mail.html).not.toContain('<script>');
    expect(mail.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('alerts of a group come in one message: chat shows the first five, an e-mail all', async () => {
    // Alerts that began long ago are sent at once, before the others of their group are there.
    const startsAt = new Date().toISOString();
    await post(
      Array.from({ length: 7 }, (_, index) => alert('Many', { provider: `p${index}`, severity: 'info' }, { startsAt })),
    );
    const { slack, discord, pagerduty, mail } = await messagesOf('Many', 'INFO');
    expect(slack.title).toBe('INFO · Many · shop/api (prod) · 7 alerts');
    expect(slack.color).toBe('#439fe0');
    expect(slack.text.match(/provider=p\d/g)).toHaveLength(5);
    expect(slack.text).toMatch(/\n\nThe first 5 of 7 are shown\.$/);
    expect(discord.description.length).toBeLessThan(2_096);
    expect(discord.description).toContain('The first 5 of 7 are shown.');
    expect(pagerduty.payload.severity).toBe('info');
    expect(numbers(pagerduty)).toEqual([7, 0]);
    expect(mail.text.match(/provider=p\d/g)).toHaveLength(7);
    expect(mail.html.match(/<td[^>]*>p\d<\/td>/g)).toHaveLength(7);
  });

  test('the end of an alert is told as such, with its time', async () => {
    const startsAt = new Date().toISOString();
    await post([alert('Ending', {}, { startsAt }), alert('Ending', { service: 'web' }, { startsAt })]);
    await messagesOf('Ending', 'CRITICAL');
    await post([alert('Ending', {}, { startsAt, endsAt: new Date().toISOString() })]);
    const some = await capture.until(() =>
      capture
        .posts('/slack')
        .flatMap(({ attachments }) => attachments as Messages['slack'][])
        .find(({ title }) => title.includes('1 resolved')),
    );
    expect(some.title).toBe('CRITICAL · Ending · shop (prod) · 1 firing, 1 resolved');
    expect(some.text).toMatch(/^\*More than 10 %[\s\S]*\n\n\*Resolved: More than 10 %/);
    const endsAt = new Date().toISOString();
    await post([alert('Ending', { service: 'web' }, { startsAt, endsAt })]);
    const { slack, pagerduty, mail } = await messagesOf('Ending', 'RESOLVED');
    expect(slack.color).toBe('good');
    expect(slack.text).toContain(`since ${utc(startsAt)} until ${utc(endsAt)}`);
    expect(pagerduty.event_action).toBe('resolve');
    expect(mail.html).toContain(`until ${utc(endsAt)}`);
  });

  test('an alert of other rules, with neither our labels nor annotations, is readable and leads somewhere', async () => {
    await post([{ labels: { alertname: 'Foreign', instance: 'db:9100' }, annotations: {}, startsAt: START }]);
    const { slack, pagerduty, mail } = await messagesOf('Foreign', 'FIRING');
    expect(slack.title).toBe('FIRING · Foreign');
    expect(slack.text).toBe('*Foreign*\nForeign · instance=db:9100\nsince 2026-11-20 10:00:00 UTC');
    expect(slack.actions.map(({ url }) => new URL(url).protocol)).toEqual(['http:', 'http:']);
    expect(pagerduty.payload).toMatchObject({ severity: 'error', summary: 'FIRING · Foreign' });
    expect(mail.html).toContain('db:9100');
  });
});
