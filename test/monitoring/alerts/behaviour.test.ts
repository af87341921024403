import { expect, test } from 'vitest';
import { deriveRules } from '../../../monitoring/rules.ts';
import { CATALOGUE } from '../dashboards/built-in.ts';
import { type Behaviour, contradictions } from './behaviour.ts';

const RULES = deriveRules(CATALOGUE);

const identity = (system: string, service: string, environment = 'sim') =>
  `system="${system}",service="${service}",environment="${environment}"`;
const BACKEND = identity('personalization', 'backend');
const SANDBOX = identity('mcp-tools', 'sandbox');
const requests = (status: string, of = BACKEND) => `api_requests_total{${of},status="${status}"}`;
const took = (le: string, endpoint: string) =>
  `api_request_duration_seconds_bucket{${BACKEND},endpoint="${endpoint}",le="${le}"}`;
const answers = (endpoint: string) => `api_request_duration_seconds_count{${BACKEND},endpoint="${endpoint}"}`;
const DATABASE = `${identity('personalization', 'database')},target="personalization/database",job="firedrill"`;
const state = (location: string) => `probe_state{${DATABASE}${location === '' ? '' : `,location="${location}"`}}`;
const maintenance = `probe_maintenance{${DATABASE},location="a"}`;
const results = (outcome: string) => `probe_results_total{${DATABASE},outcome="${outcome}",reason="none"}`;
const certificate = `probe_ssl_earliest_cert_expiry{${identity('mcp-tools', 'open-webui')},target="mcp-tools/open-webui"}`;
const firstToken = (service: string) =>
  `probe_llm_first_token_seconds{${identity('personalization', service)},target="personalization/${service}/generation"}`;
const answeredBy = (provider: string) =>
  `probe_llm_answered_by{${BACKEND},target="personalization/backend/fallback",gen_ai_provider_name="${provider}"}`;
const DAY = 86_400;

const BURN: Pick<Behaviour, 'system' | 'of'> = { system: 'personalization', of: 'service="backend"' };
const PROBES: Pick<Behaviour, 'system' | 'of'> = { system: 'personalization', of: 'service="database"' };

const BEHAVIOURS: [string, Behaviour][] = [
  [
    'failures at ten times the budget do not page fast',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '0+90x120', [requests('500')]: '0+10x120' },
      fires: { 10: 0, 60: 0, 110: 0 },
    },
  ],
  [
    'failures at ten times the budget page slowly',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageSlow',
      series: { [requests('200')]: '0+90x120', [requests('500')]: '0+10x120' },
      fires: { 15: 0, 17: 1, 110: 1 },
    },
  ],
  [
    'failures at twenty times the budget page fast, after `for`',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '0+80x120', [requests('500')]: '0+20x120' },
      fires: { 2: 0, 4: 1, 110: 1 },
    },
  ],
  [
    'a burn that has ended resolves by the short window, though the hour still holds it',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '0+50x120', [requests('500')]: '0+50x30 1500x90' },
      fires: { 30: 1, 34: 1, 40: 0, 60: 0 },
    },
  ],
  [
    'one failed request of a quiet night pages nobody',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '0x30 1x30 2x60', [requests('500')]: '0x50 1x70' },
      fires: { 51: 0, 53: 0, 56: 0, 80: 0 },
    },
  ],
  [
    'six failed requests of a quiet night do',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '0x30 1x30 2x60', [requests('500')]: '0x50 0+1x10 10x60' },
      fires: { 52: 0, 60: 1 },
    },
  ],
  [
    'no traffic uses up nothing',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      series: { [requests('200')]: '10x60', [requests('500')]: '90x60' },
      fires: { 10: 0, 59: 0 },
    },
  ],
  [
    'failures of another environment stay apart',
    {
      ...BURN,
      alert: 'ErrorBudgetBurnPageFast',
      of: 'environment="sim"',
      series: {
        [requests('200')]: '0+80x60',
        [requests('500', identity('personalization', 'backend', 'prod'))]: '0+80x60',
      },
      fires: { 10: 0, 59: 0 },
    },
  ],
  [
    'a service that counts no requests is judged by its probes',
    {
      ...PROBES,
      alert: 'ErrorBudgetBurnPageFast',
      series: {
        [`probe_all_success_count{${DATABASE}}`]: '0+2x120',
        [`probe_all_success_sum{${DATABASE}}`]: '0+2x60 120+1x60',
      },
      fires: { 59: 0, 64: 0, 90: 1 },
    },
  ],
  [
    'four times as many slow answers as allowed make a ticket over a day',
    {
      ...BURN,
      alert: 'LatencyBudgetBurnTicketFast',
      step: '10m',
      series: {
        [answers('/health')]: '0+100x200',
        [took('0.5', '/health')]: '0+80x200',
      },
      fires: { 5: 0, 10: 1, 150: 1 },
    },
  ],
  [
    'each endpoint is held against its own limit',
    {
      ...BURN,
      alert: 'LatencyBudgetBurnTicketFast',
      step: '10m',
      series: {
        [answers('/api/recommendations')]: '0+100x200',
        [took('0.5', '/api/recommendations')]: '0+10x200',
        [took('5', '/api/recommendations')]: '0+99x200',
      },
      fires: { 10: 0, 150: 0 },
    },
  ],
  [
    'twice as many failures as allowed over days spend the budget',
    {
      ...BURN,
      alert: 'ErrorBudgetSpent',
      step: '30m',
      series: { [requests('200')]: '0+98x400', [requests('500')]: '0+2x400' },
      fires: { 2: 0, 6: 1, 300: 1 },
    },
  ],
  [
    'half of what is allowed does not',
    {
      ...BURN,
      alert: 'ErrorBudgetSpent',
      step: '30m',
      series: { [requests('200')]: '0+199x400', [requests('500')]: '0+1x400' },
      fires: { 6: 0, 300: 0 },
    },
  ],
  [
    'a metric that vanishes from a service that answers is told, and comes back',
    {
      system: 'mcp-tools',
      alert: 'CpuUsagePercentAbsent',
      series: { [`up{${SANDBOX}}`]: '1x60', [`cpu_usage_percent{${SANDBOX}}`]: '20x10 _x20 20x30' },
      fires: { 10: 0, 16: 0, 24: 0, 26: 1, 30: 1, 32: 0 },
    },
  ],
  [
    'that another environment has the metric does not hide it',
    {
      system: 'mcp-tools',
      alert: 'CpuUsagePercentAbsent',
      series: {
        [`up{${SANDBOX}}`]: '1x60',
        [`cpu_usage_percent{${identity('mcp-tools', 'sandbox', 'prod')}}`]: '20x60',
      },
      fires: { 20: 1 },
    },
  ],
  [
    'a service that is down is not blamed for its metrics',
    {
      system: 'mcp-tools',
      alert: 'CpuUsagePercentAbsent',
      series: { [`up{${SANDBOX}}`]: '0x60' },
      fires: { 20: 0, 50: 0 },
    },
  ],
  [
    'a target that Prometheus never had is told by name',
    {
      system: 'personalization',
      alert: 'TargetMissing',
      of: 'service="backend",environment="sim"',
      series: { [`up{${identity('personalization', 'backend', 'prod')}}`]: '1x60' },
      fires: { 9: 0, 10: 1 },
    },
  ],
  [
    'a target that Prometheus has is not',
    { system: 'personalization', alert: 'TargetMissing', series: { [`up{${BACKEND}}`]: '0x60' }, fires: { 20: 0 } },
  ],
  [
    'the only location decides',
    { ...PROBES, alert: 'ProbeFailing', series: { [state('')]: '1x5 0x20 1x9' }, fires: { 5: 0, 6: 0, 7: 1, 27: 0 } },
  ],
  [
    'one of two locations is no majority',
    { ...PROBES, alert: 'ProbeFailing', series: { [state('a')]: '0x30', [state('b')]: '1x30' }, fires: { 20: 0 } },
  ],
  [
    'two of three are',
    {
      ...PROBES,
      alert: 'ProbeFailing',
      series: { [state('a')]: '0x30', [state('b')]: '0x30', [state('c')]: '1x30' },
      fires: { 20: 1 },
    },
  ],
  [
    'a planned window silences a probe',
    {
      ...PROBES,
      alert: 'ProbeFailing',
      series: { [state('a')]: '0x30', [maintenance]: '1x15 0x15' },
      fires: { 9: 0, 20: 1 },
    },
  ],
  [
    'runs that cannot be judged are told as such',
    {
      ...PROBES,
      alert: 'ProbeUnknown',
      series: { [results('success')]: '0+2x30 60x30', [results('unknown')]: '0x30 0+2x30' },
      fires: { 30: 0, 40: 0, 55: 1 },
    },
  ],
  [
    'a probe near its time-out is slow',
    {
      ...PROBES,
      alert: 'ProbeDegraded',
      series: {
        [`probe_duration_seconds{${DATABASE}}`]: '0.1x20 4.5x40',
        [`probe_timeout_seconds{${DATABASE}}`]: '5x60',
      },
      fires: { 20: 0, 35: 0, 50: 1 },
    },
  ],
  [
    'a certificate that ends in ten days is a warning',
    {
      system: 'mcp-tools',
      alert: 'CertificateExpiring',
      series: { [certificate]: `${10 * DAY}x30` },
      fires: { 9: 0, 12: 1 },
    },
  ],
  [
    'and not yet critical',
    {
      system: 'mcp-tools',
      alert: 'CertificateExpiresVerySoon',
      series: { [certificate]: `${10 * DAY}x30` },
      fires: { 20: 0 },
    },
  ],
  [
    'a certificate that has ended is',
    { system: 'mcp-tools', alert: 'CertificateExpiresVerySoon', series: { [certificate]: '-5x30' }, fires: { 20: 1 } },
  ],
  [
    'each provider has its own limit for the first token: the one with 2 s is slow at 1.7 s',
    {
      system: 'personalization',
      alert: 'LlmSlowFirstToken',
      of: 'service="gemini"',
      series: { [firstToken('gemini')]: '1.7x60' },
      fires: { 19: 0, 21: 1 },
    },
  ],
  [
    'and the one with 4 s is not',
    {
      system: 'personalization',
      alert: 'LlmSlowFirstToken',
      series: { [firstToken('deepseek')]: '1.7x60' },
      fires: { 30: 0 },
    },
  ],
  [
    'an answer of another provider than expected is told',
    {
      system: 'personalization',
      alert: 'LlmFallbackInUse',
      of: 'gen_ai_provider_name="gemini"',
      series: { [answeredBy('gemini')]: '1x30', [answeredBy('deepseek')]: '0x30' },
      fires: { 20: 1 },
    },
  ],
  [
    'the expected one is not',
    {
      system: 'personalization',
      alert: 'LlmFallbackInUse',
      series: { [answeredBy('gemini')]: '0x30', [answeredBy('deepseek')]: '1x30' },
      fires: { 20: 0 },
    },
  ],
  [
    'a critical alert that stays is escalated, under its own labels',
    {
      system: 'mcp-tools',
      alert: 'ServiceDownEscalated',
      of: 'service="sandbox",severity="critical",escalation="true",objective="availability",environment="sim"',
      series: { [`up{${SANDBOX}}`]: '0x60' },
      fires: { 2: 0, 30: 0, 33: 1, 50: 1 },
    },
  ],
  [
    'one that is mended in time is not',
    {
      system: 'mcp-tools',
      alert: 'ServiceDownEscalated',
      series: { [`up{${SANDBOX}}`]: '0x25 1x40' },
      fires: { 33: 0, 50: 0 },
    },
  ],
  [
    'a second inconclusive night is told',
    {
      system: 'firedrill',
      alert: 'NightlyInconclusive',
      step: '30m',
      series: {
        'firedrill_run_outcome{environment="sim",outcome="inconclusive"}': '0x10 1x120',
        'firedrill_run_finished_timestamp_seconds{environment="sim"}': '0x10 18000x48 104400x72',
      },
      fires: { 20: 0, 57: 0, 65: 1 },
    },
  ],
  [
    'the first one is not, however long no other comes',
    {
      system: 'firedrill',
      alert: 'NightlyInconclusive',
      step: '30m',
      series: {
        'firedrill_run_outcome{environment="sim",outcome="inconclusive"}': '0x10 1x120',
        'firedrill_run_finished_timestamp_seconds{environment="sim"}': '0x10 18000x120',
      },
      fires: { 20: 0, 55: 0, 65: 0 },
    },
  ],
  [
    'a night without a run is missed after 26 hours',
    {
      system: 'firedrill',
      alert: 'NightlyMissing',
      step: '30m',
      series: { 'firedrill_run_finished_timestamp_seconds{environment="sim"}': '0x80' },
      fires: { 51: 0, 54: 1 },
    },
  ],
  [
    'an alert that was drilled 91 days ago is due, by its name',
    {
      system: 'mcp-tools',
      alert: 'AlertNotDrilled',
      of: 'drilled="ServiceDown"',
      series: {
        'firedrill_drill_timestamp_seconds{system="mcp-tools",environment="sim",alertname="ServiceDown"}': `${-91 * DAY}x90`,
        'firedrill_drill_timestamp_seconds{system="mcp-tools",environment="sim",alertname="LowDiskSpace"}': '0x90',
      },
      fires: { 30: 0, 70: 1 },
    },
  ],
  ['the watchdog always fires', { system: 'firedrill', alert: 'Watchdog', series: {}, fires: { 0: 1, 5: 1 } }],
];

test.each(BEHAVIOURS)('%s', async (_, behaviour) => {
  expect(await contradictions(RULES, behaviour)).toBe('');
});

test('a wrong expectation is noticed', async () => {
  const wrong: Behaviour = { system: 'firedrill', alert: 'Watchdog', series: {}, fires: { 5: 0 } };
  expect(await contradictions(RULES, wrong)).toContain('FAILED');
  expect(await contradictions(RULES, { ...wrong, alert: 'Watchdgo' })).toContain('0 groups');
});
