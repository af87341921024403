import { parse } from 'yaml';

interface Configuration {
  readonly global?: { readonly external_labels?: Readonly<Record<string, string>> };
  readonly alerting?: { readonly alert_relabel_configs?: readonly object[] };
}

/** What of a prometheus.yml changes the labels of alerts on their way. */
export function readConfiguration(text: string): {
  externalLabels: Readonly<Record<string, string>>;
  relabelled: boolean;
} {
  const { global, alerting } = (parse(text) ?? {}) as Configuration;
  return {
    externalLabels: global?.external_labels ?? {},
    relabelled: (alerting?.alert_relabel_configs ?? []).length > 0,
  };
}
