import { parse } from 'yaml';
import type { Catalogue } from '../../../thresholds/model.ts';
import type { NamedTimeInterval } from '../../alertmanager/mute-times.ts';
import type { AlertmanagerConfig, Route } from '../../alertmanager-config.ts';
import { COMPONENT } from '../components.ts';
import { type GeneratedTexts, generatedText } from '../derived-text.ts';
import { manifest, metadata } from '../kubernetes/resource.ts';
import { camelCase } from './camel-case.ts';
import { operatorReceiver } from './receivers.ts';

const NAME = 'firedrill';

/** `alertmanagerconfig.yaml`: routes, inhibition, mute times and receivers, for an Alertmanager that names it as its whole configuration. */
export function alertmanagerConfig(_: Catalogue, texts: GeneratedTexts): string {
  const config = parse(generatedText(texts, 'alertmanager/alertmanager.yml')) as AlertmanagerConfig;
  const { time_intervals: intervals = [], inhibit_rules: inhibitions = [] } = config;
  const spec = {
    route: route(config.route),
    ...(inhibitions.length === 0
      ? {}
      : {
          inhibitRules: inhibitions.map(({ source_matchers, target_matchers, equal }) => ({
            sourceMatch: source_matchers.map(matcher),
            targetMatch: target_matchers.map(matcher),
            equal,
          })),
        }),
    ...(intervals.length === 0 ? {} : { muteTimeIntervals: intervals.map(muteTimes) }),
    receivers: config.receivers.map((receiver) => operatorReceiver(receiver, COMPONENT.alertmanager.id)),
  };
  return manifest(
    [{ apiVersion: 'monitoring.coreos.com/v1alpha1', kind: 'AlertmanagerConfig', metadata: metadata(NAME), spec }],
    [
      `Take effect whole, and for all namespaces, where the Alertmanager resource says alertmanagerConfiguration: { name: ${NAME} },`,
      'with templates: [{ configMap: { name: alertmanager-templates, key: firedrill.tmpl } }].',
      ...notUtc(intervals).map(
        (name) => `The operator knows UTC alone: the mute time ${name} is in another zone, and holds by UTC here.`,
      ),
    ],
  );
}

function route({ matchers = [], routes, ...settings }: Route): Record<string, unknown> {
  return {
    ...camelCase(settings),
    ...(matchers.length === 0 ? {} : { matchers: matchers.map(matcher) }),
    ...(routes === undefined ? {} : { routes: routes.map(route) }),
  };
}

/** `severity=~"warning|info"` in its parts. */
function matcher(text: string): { name: string; matchType: string; value: string } {
  const match = /^\s*(\w+)\s*(=~|!~|!=|=)\s*(".*")\s*$/s.exec(text);
  if (match === null) throw new Error(`${text} is no matcher`);
  const [, name = '', matchType = '', value = ''] = match;
  return { name, matchType, value: JSON.parse(value) };
}

function muteTimes({ name, time_intervals: intervals }: NamedTimeInterval): object {
  return {
    name,
    timeIntervals: intervals.map(({ weekdays, times }) => ({
      ...(weekdays === undefined ? {} : { weekdays }),
      ...(times === undefined ? {} : { times: times.map(camelCase) }),
    })),
  };
}

function notUtc(intervals: readonly NamedTimeInterval[]): string[] {
  return intervals
    .filter((one) => one.time_intervals.some(({ location }) => location !== 'UTC'))
    .map(({ name }) => name);
}
