import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type AlertmanagerConfig, deriveAlertmanagerText } from '../../../monitoring/alertmanager-config.ts';
import { fleetGroups } from '../../../monitoring/drill/groups.ts';
import { deriveRulesText, type Rule, type RuleFile } from '../../../monitoring/rules.ts';
import { runDrill } from '../../../scripts/drill/drill.ts';
import { drillOptions, shops } from './support.ts';

/** What is broken in the rule or route of one system, and what its row must say. */
interface Sabotage {
  alert: string;
  rule?: (rule: Rule) => void;
  routes?: (config: AlertmanagerConfig, system: string) => void;
  reason: RegExp;
}

const replaced = (from: string | RegExp, to: string) => (rule: Rule) => {
  const before = rule.expr;
  rule.expr = before.replace(from, to);
  if (rule.expr === before) throw new Error(`the sabotage changed nothing in ${before}`);
};

const SABOTAGES: Record<string, Sabotage> = {
  'wrong-limit': { alert: 'HighErrorRate', rule: replaced('> 0.1', '> 0.9'), reason: /^missed: it never fired/ },
  'low-limit': { alert: 'HighErrorRate', rule: replaced('> 0.1', '> 0.01'), reason: /^near miss fired/ },
  flipped: { alert: 'HighErrorRate', rule: replaced('> 0.1', '< 0.1'), reason: /fired in health|near miss fired/ },
  'renamed-metric': {
    alert: 'HighErrorRate',
    rule: replaced('http_requests', 'http_request'),
    reason: /^missed: it never fired/,
  },
  'other-system': {
    alert: 'ServiceDown',
    rule: replaced(/system="[^"]+"/, 'system="nobody"'),
    reason: /^missed: it never fired/,
  },
  'for-long': {
    alert: 'ServiceDown',
    rule: (rule) => Object.assign(rule, { for: '2m' }),
    reason: /^late: pending for 2 s, 1 s promised/,
  },
  'for-short': {
    alert: 'ServiceDown',
    rule: (rule) => Object.assign(rule, { for: '15s' }),
    reason: /near miss fired.*early: pending for 250 ms/,
  },
  'never-resolves': {
    alert: 'ServiceDown',
    rule: (rule) => Object.assign(rule, { keep_firing_for: '10m' }),
    reason: /^not resolved: active for/,
  },
  'wrong-route': {
    alert: 'ServiceDown',
    routes: ({ route }, system) => {
      const own = route.routes?.find(({ matchers }) => matchers?.includes(`system="${system}"`));
      Object.assign(own ?? {}, { receiver: 'hook', routes: [] });
    },
    reason: /^wrong receiver: delivered to hook, expected email, pagerduty/,
  },
  'matcher-typo': {
    alert: 'ServiceDown',
    routes: ({ route }, system) => {
      const own = route.routes?.find(({ matchers }) => matchers?.includes(`system="${system}"`));
      Object.assign(own ?? {}, { matchers: ['sytem="x"'] });
    },
    reason: /^wrong receiver: delivered to discord|^wrong receiver: delivered to slack/,
  },
  healthy: { alert: 'ServiceDown', reason: /^$/ },
};

test('each sabotage of a rule or route is reported with its reason, and nothing else is', {
  timeout: 180_000,
}, async () => {
  const catalogue = shops(Object.fromEntries(Object.entries(SABOTAGES).map(([system, { alert }]) => [system, alert])));
  const rules = parse(deriveRulesText(catalogue, fleetGroups(catalogue))) as RuleFile;
  const routes = parse(deriveAlertmanagerText(catalogue)) as AlertmanagerConfig;
  for (const [system, { rule, routes: reroute }] of Object.entries(SABOTAGES)) {
    for (const group of rules.groups.filter(({ name }) => name === `firedrill-${system}`))
      group.rules.map((each) => rule?.(each));
    reroute?.(routes, system);
  }
  const files = { rules: stringify(rules), alertmanager: stringify(routes) };
  const { rows, problems } = await runDrill({ ...(await drillOptions(catalogue)), files });
  expect(problems).toEqual([]);
  const own = rows.filter(({ system, alert }) => SABOTAGES[system]?.alert === alert);
  const found = Object.fromEntries(own.map(({ system, outcome, reason }) => [system, { outcome, reason }]));
  expect(found).toEqual(
    Object.fromEntries(
      Object.entries(SABOTAGES).map(([system, { reason }]) => [
        system,
        { outcome: system === 'healthy' ? 'pass' : 'fail', reason: expect.stringMatching(reason) },
      ]),
    ),
  );
});
