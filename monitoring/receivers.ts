import type { Receiver, Secret } from '../thresholds/model.ts';

/** A receiver in `alertmanager.yml`. */
export interface AlertmanagerReceiver {
  name: string;
  [integration: string]: unknown;
}

/** Where secrets named by a variable are mounted: one file each, named after the variable. */
export const SECRETS_FOLDER = '/etc/alertmanager/secrets';

/** Host of placeholders: `.invalid` never resolves, so a file that was deployed unrendered fails loudly instead of leaking. */
export const PLACEHOLDER = 'https://secret.invalid/';

/** Where a message leads: of several alerts in it, by the first. */
const LINKS = [
  { text: 'Runbook', url: use('firedrill.runbook') },
  { text: 'Dashboard', url: use('firedrill.dashboard') },
];

/** Integrations by type. `send_resolved` is always explicit: its default differs from type to type. */
const INTEGRATIONS: { [T in Receiver['type']]: (receiver: Extract<Receiver, { type: T }>) => [string, object] } = {
  webhook: ({ url }) => ['webhook_configs', { url: typeof url === 'string' ? url : placeholder(url) }],
  slack: ({ channel, apiUrl }) => [
    'slack_configs',
    {
      channel,
      api_url_file: secretFile(apiUrl),
      color: use('firedrill.slack.color'),
      title: use('firedrill.slack.title'),
      text: use('firedrill.slack.text'),
      fallback: use('firedrill.slack.title'),
      actions: LINKS.map(({ text, url }) => ({ type: 'button', text, url })),
    },
  ],
  discord: ({ webhookUrl }) => [
    'discord_configs',
    {
      webhook_url: placeholder(webhookUrl),
      title: use('firedrill.discord.title'),
      message: use('firedrill.discord.message'),
    },
  ],
  pagerduty: ({ routingKey }) => [
    'pagerduty_configs',
    {
      routing_key_file: secretFile(routingKey),
      description: use('firedrill.text.title'),
      severity: use('firedrill.pagerduty.severity'),
      class: '{{ .CommonLabels.alertname }}',
      group: '{{ .CommonLabels.system }}',
      component: '{{ .CommonLabels.service }}',
      details: {
        alerts: use('firedrill.text.text'),
        // Alertmanager would add its own lists of all labels.
        firing: '',
        resolved: '',
      },
      links: LINKS.map(({ text, url }) => ({ text, href: url })),
    },
  ],
  email: ({ to, from, smarthost, username, password }) => [
    'email_configs',
    {
      to,
      from,
      smarthost,
      headers: { Subject: use('firedrill.text.title') },
      html: use('firedrill.email.html'),
      text: use('firedrill.email.text'),
      ...(username === null ? {} : { auth_username: username }),
      ...(password === null ? {} : { auth_password_file: secretFile(password) }),
    },
  ],
};

/** A receiver of the catalogue as Alertmanager takes it. */
export function alertmanagerReceiver(receiver: Receiver): AlertmanagerReceiver {
  const integration = INTEGRATIONS[receiver.type] as (receiver: Receiver) => [string, object];
  const [key, settings] = integration(receiver);
  return { name: receiver.name, [key]: [{ send_resolved: true, ...settings }] };
}

/** A field that is filled in from the template set. */
function use(template: string): string {
  return `{{ template "${template}" . }}`;
}

/** The file that a secret is read from. */
function secretFile(secret: Secret): string {
  return 'file' in secret ? secret.file : `${SECRETS_FOLDER}/${secret.variable}`;
}

/** Stands where Alertmanager 0.25 takes no `*_file`; {@link renderSecrets} puts the value in at deploy time. */
function placeholder(secret: Secret): string {
  const [kind, name] = 'file' in secret ? ['file', secret.file] : ['variable', secret.variable];
  return `${PLACEHOLDER}${kind}/${encodeURIComponent(name)}`;
}

/**
 * Puts the values of secrets in the place of their placeholders. The result belongs into an untracked file of mode 0600.
 * `read` gives the value or throws with the name of the variable or file.
 */
export function renderSecrets(text: string, read: (secret: Secret) => string): string {
  return text.replaceAll(/https:\/\/secret\.invalid\/(file|variable)\/([^\s"']+)/g, (_, kind, name) => {
    const decoded = decodeURIComponent(name);
    // In quotes, as a value may hold what YAML would read otherwise.
    return JSON.stringify(read(kind === 'file' ? { file: decoded } : { variable: decoded }));
  });
}
