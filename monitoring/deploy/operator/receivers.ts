import { type AlertmanagerReceiver, PLACEHOLDER } from '../../receivers.ts';
import { camelCaseName } from './camel-case.ts';

/** Settings that the operator calls by other names, or takes in another form. */
const SETTINGS: Readonly<Record<string, (value: never, secret: SecretRef) => [name: string, value: unknown]>> = {
  api_url_file: (path: string, secret) => ['apiURL', secret(path)],
  routing_key_file: (path: string, secret) => ['routingKey', secret(path)],
  auth_password_file: (path: string, secret) => ['authPassword', secret(path)],
  url: (url: string, secret) =>
    url.startsWith(PLACEHOLDER) ? ['urlSecret', secret(decodeURIComponent(url))] : ['url', url],
  webhook_url: (placeholder: string, secret) => ['apiURL', secret(decodeURIComponent(placeholder))],
  headers: (values: Record<string, string>) => ['headers', keysAndValues(values)],
  details: (values: Record<string, string>) => ['details', keysAndValues(values)],
  links: (links: { text: string; href: string }[]) => [
    'pagerDutyLinkConfigs',
    links.map(({ text, href }) => ({ alt: text, href })),
  ],
};

/** A key of the Secret, called as the file or variable that the catalogue names. */
type SecretRef = (path: string) => { name: string; key: string };

/** A receiver of `alertmanager.yml` as an AlertmanagerConfig has it. `secretName`: the Secret that holds what is not written down. */
export function operatorReceiver({ name, ...integrations }: AlertmanagerReceiver, secretName: string): object {
  const secret: SecretRef = (path) => ({ name: secretName, key: path.slice(path.lastIndexOf('/') + 1) });
  return {
    name,
    ...Object.fromEntries(
      Object.entries(integrations).map(([type, entries]) => [
        camelCaseName(type),
        (entries as object[]).map((entry) =>
          Object.fromEntries(
            Object.entries(entry).map(([key, value]) => {
              return SETTINGS[key]?.(value as never, secret) ?? [camelCaseName(key), value];
            }),
          ),
        ),
      ]),
    ),
  };
}

function keysAndValues(values: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
