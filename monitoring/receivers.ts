import type { Receiver, Secret } from '../thresholds/model.ts';

/** A receiver in `alertmanager.yml`. */
export interface AlertmanagerReceiver {
  name: string;
  [integration: string]: unknown;
}

/** Where secrets named by a variable are mounted: one file each, named after the variable. */
export const SECRETS_FOLDER = '/etc/alertmanager/secrets';

/** Host of placeholders: `.invalid` never resolves, so a file that was deployed unrendered fails loudly instead of leaking. */
const PLACEHOLDER = 'https://secret.invalid/';

/** Integrations by type. `send_resolved` is always explicit: its default differs from type to type. */
const INTEGRATIONS: { [T in Receiver['type']]: (receiver: Extract<Receiver, { type: T }>) => [string, object] } = {
  webhook: ({ url }) => ['webhook_configs', { url }],
  slack: ({ channel, apiUrl }) => ['slack_configs', { channel, api_url_file: secretFile(apiUrl) }],
  discord: ({ webhookUrl }) => ['discord_configs', { webhook_url: placeholder(webhookUrl) }],
  pagerduty: ({ routingKey }) => ['pagerduty_configs', { routing_key_file: secretFile(routingKey) }],
  email: ({ to, from, smarthost, username, password }) => [
    'email_configs',
    {
      to,
      from,
      smarthost,
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
    return read(kind === 'file' ? { file: decoded } : { variable: decoded });
  });
}
