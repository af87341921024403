import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { receiversOfAlert } from '../../../monitoring/alertmanager/expected.ts';
import { inhibitionCases } from '../../../monitoring/alertmanager/inhibition-cases.ts';
import { routeCases } from '../../../monitoring/alertmanager/route-cases.ts';
import type { Route } from '../../../monitoring/alertmanager/routes.ts';
import {
  type AlertmanagerConfig,
  deriveAlertmanagerText,
  type InhibitRule,
} from '../../../monitoring/alertmanager-config.ts';
import { deriveAlerts } from '../../../monitoring/alerts/groups.ts';
import { openCatalogue } from '../../../scripts/catalogue-files.ts';
import { inhibitionDifferences, notificationsOf, routeDifferences, startLive } from './live.ts';

const catalogue = openCatalogue('thresholds/catalogue', { env: {}, environment: null });
const alerts = deriveAlerts(catalogue);
const text = deriveAlertmanagerText(catalogue);
const routes = routeCases(catalogue, alerts);
const inhibitions = inhibitionCases(catalogue, alerts);

function receiversOf(labels: Readonly<Record<string, string>>): string[] {
  const { alertname: name = '', system = '', severity = '' } = labels;
  return receiversOfAlert(catalogue, { name, system, severity, labels });
}

describe('the routes of the catalogue in a running Alertmanager', () => {
  test('every alert reaches its receivers and no other, grouped as promised, and so does its end', async () => {
    expect(routes.length).toBeGreaterThan(alerts.length);
    expect(await routeDifferences(text, routes)).toEqual([]);
  });

  test('a critical alert silences the warning and info of its objective, and nothing else; they arrive after it', async () => {
    expect(inhibitions.filter(({ inhibited }) => inhibited).length).toBeGreaterThan(1);
    expect(await inhibitionDifferences(text, inhibitions, receiversOf)).toEqual([]);
  });

  test('alerts of a group come in one notification, those of another name apart', async () => {
    const live = await startLive(text);
    const labels = { system: 'flashcards', severity: 'warning', environment: 'sim' };
    await live.post([
      { id: 'one', labels: { ...labels, alertname: 'ModerateErrorRate', service: 'ocr' } },
      { id: 'two', labels: { ...labels, alertname: 'ModerateErrorRate', service: 'llm' } },
      { id: 'apart', labels: { ...labels, alertname: 'ElevatedResponseTime', service: 'ocr' } },
    ]);
    await live.until(() => ['one', 'two', 'apart'].every((id) => live.told(id, 'firing').length > 0));
    await live.flushed();
    const [shared, ...more] = notificationsOf(live, 'one');
    expect(more).toEqual([]);
    expect(shared).toMatchObject({ receiver: 'web.hook', groupLabels: { alertname: 'ModerateErrorRate' } });
    expect(shared?.alerts.map((alert) => alert.labels.service).sort()).toEqual(['llm', 'ocr']);
    expect(notificationsOf(live, 'apart').map(({ alerts: { length } }) => length)).toEqual([1]);
  });

  test('the Watchdog is heard again and again', async () => {
    const live = await startLive(text);
    await live.post([{ id: 'dog', labels: { alertname: 'Watchdog', system: 'firedrill', severity: 'info' } }]);
    // A minute is 200 ms here.
    expect(await live.until(() => notificationsOf(live, 'dog').length >= 4)).toBe(true);
    expect(live.told('dog', 'firing')).toEqual(['deadman']);
  });
});

/** A group interval of 5 minutes is 300 ms, and what is late by more does not come. */
const QUICK = { factor: 1_000, patienceMs: 800 };

describe('faults in routes are seen', () => {
  test('in receivers, matchers, continue, escalation, grouping, ends and the default, each by its own words', async () => {
    const config: AlertmanagerConfig = parse(text);
    const of = (system: string): Route => {
      const found = config.route.routes?.find(({ matchers }) => matchers?.[0] === `system="${system}"`);
      if (found === undefined) throw new Error(`no route of ${system}`);
      return found;
    };
    Object.assign(config.route, { receiver: 'webhook' });
    Object.assign(of('face-attributes').routes?.find((route) => route.continue) ?? {}, { continue: false });
    Object.assign(of('flashcards'), { group_by: ['system'], routes: [] });
    Object.assign(of('mcp-service'), { matchers: ['system="mcp-servic"'] });
    Object.assign(of('personalization').routes?.find(({ matchers }) => matchers?.[0] === 'severity="info"') ?? {}, {
      receiver: 'discord',
    });
    const discord = config.receivers.find(({ name }) => name === 'discord')?.discord_configs;
    for (const entry of Array.isArray(discord) ? discord : []) entry.send_resolved = false;

    const some = routes.filter(({ name }) => name.startsWith('any '));
    const found = await routeDifferences(stringify(config), some, QUICK);
    expect(found.filter((line) => !line.includes('told of its end') || line.includes('mcp-tools')).sort()).toEqual(
      [
        'any critical alert of face-attributes: told pagerduty, not email pagerduty slack',
        ...['critical', 'warning', 'info', 'page', 'escalated critical', 'escalated warning'].map(
          (severity) => `any ${severity} alert of flashcards: grouped by system, not alertname`,
        ),
        ...['critical', 'warning'].map(
          (severity) => `any escalated ${severity} alert of flashcards: told web.hook, not pagerduty`,
        ),
        ...['critical', 'warning', 'info', 'page'].map(
          (severity) => `any ${severity} alert of mcp-service: told webhook, not email`,
        ),
        ...['critical', 'warning'].map(
          (severity) => `any escalated ${severity} alert of mcp-service: told webhook, not pagerduty`,
        ),
        ...['critical', 'warning', 'info', 'page', 'escalated critical', 'escalated warning'].map(
          (severity) => `any ${severity} alert of mcp-service: grouped by alertname system, not alertname`,
        ),
        'any critical alert of mcp-tools: told of its end email slack webhook, not discord email slack webhook',
        ...['warning', 'page'].map(
          (severity) => `any ${severity} alert of mcp-tools: told of its end slack, not discord slack`,
        ),
        'any info alert of personalization: told discord, not email',
        'any critical alert of unknown-system: told webhook, not slack',
      ].sort(),
    );
  });

  test.each<[string, Partial<InhibitRule> | null, string, string]>([
    [
      'inhibition over all services',
      { equal: ['system', 'environment', 'objective'] },
      'not of another service',
      'told meanwhile nobody, not slack',
    ],
    [
      'inhibition by alerts that say neither system nor objective',
      { source_matchers: ['severity="critical"'] },
      'an alert without system silences none',
      'told meanwhile nobody, not slack',
    ],
    [
      'no inhibition',
      null,
      'a critical alert silences the warning of its objective',
      'told meanwhile slack, not nobody',
    ],
  ])('%s', async (_, change, name, expected) => {
    const config: AlertmanagerConfig = parse(text);
    config.inhibit_rules = change === null ? [] : (config.inhibit_rules ?? []).map((rule) => ({ ...rule, ...change }));
    const chosen = inhibitions.filter((each) => each.name === name);
    expect(await inhibitionDifferences(stringify(config), chosen, receiversOf, QUICK)).toContain(
      `${name}: ${expected}`,
    );
  });
});
