import type { LiveGroup } from '../../../monitoring/drill/attached/rule-text.ts';
import type { SourceFile } from '../../../thresholds/load/problem.ts';
import { requestJson } from './http.ts';

type Labels = Readonly<Record<string, string>>;

/** A series of an instant or range query: Unix seconds and values as text. */
export interface QueriedSeries {
  readonly metric: Labels;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** A matcher of a silence. */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** An alert that Alertmanager holds. */
export interface LiveAlert {
  readonly labels: Labels;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly state: string;
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
  };
}

/** A Prometheus and an Alertmanager that belong to somebody else, through their APIs. Every call throws HarnessError. */
export class LivePair {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;

  constructor(prometheusUrl: string, alertmanagerUrl: string) {
    this.prometheusUrl = prometheusUrl.replace(/\/$/, '');
    this.alertmanagerUrl = alertmanagerUrl.replace(/\/$/, '');
  }

  async version(): Promise<string> {
    const { data } = await this.#prometheus<{ version: string }>('status/buildinfo');
    return data.version;
  }

  /** prometheus.yml as it is run. */
  async configuration(): Promise<string> {
    const { data } = await this.#prometheus<{ yaml: string }>('status/config');
    return data.yaml;
  }

  /** How many Alertmanagers it sends its alerts to. */
  async alertmanagers(): Promise<number> {
    const { data } = await this.#prometheus<{ activeAlertmanagers: readonly object[] }>('alertmanagers');
    return data.activeAlertmanagers.length;
  }

  async ruleGroups(): Promise<LiveGroup[]> {
    const { data } = await this.#prometheus<{ groups: LiveGroup[] }>('rules');
    return data.groups;
  }

  /** A query that gives series; raw samples where it ends in a range. */
  async query(promql: string): Promise<QueriedSeries[]> {
    const { data } = await this.#prometheus<{ result: QueriedSeries[] }>(`query?query=${encodeURIComponent(promql)}`);
    return data.result;
  }

  /** The configuration that Alertmanager runs, without its secrets. */
  async routes(): Promise<{ file: SourceFile; version: string }> {
    const { config, versionInfo } = await this.#alertmanager<{
      config: { original: string };
      versionInfo: { version: string };
    }>('status');
    return {
      file: { path: `${this.alertmanagerUrl}/api/v2/status`, text: config.original },
      version: versionInfo.version,
    };
  }

  /** The alerts that it holds whose label matches a pattern, silenced ones too. */
  alerts(label: string, pattern: string): Promise<LiveAlert[]> {
    return this.#alertmanager(`alerts?filter=${encodeURIComponent(`${label}=~${JSON.stringify(pattern)}`)}`);
  }

  /** Silences from now on, for so long at most. Gives the id. */
  async silence(matcher: SilenceMatcher, lastsMs: number, comment: string): Promise<string> {
    const now = Date.now();
    const body = {
      matchers: [matcher],
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + lastsMs).toISOString(),
      createdBy: 'firedrill',
      comment,
    };
    const { silenceID } = await this.#alertmanager<{ silenceID: string }>('silences', { method: 'POST', body });
    return silenceID;
  }

  async silenceState(id: string): Promise<string> {
    const { status } = await this.#alertmanager<{ status: { state: string } }>(`silence/${id}`);
    return status.state;
  }

  async endSilence(id: string): Promise<void> {
    await this.#alertmanager(`silence/${id}`, { method: 'DELETE' });
  }

  #prometheus<T>(path: string): Promise<{ data: T }> {
    return requestJson(`${this.prometheusUrl}/api/v1/${path}`);
  }

  #alertmanager<T>(path: string, options = {}): Promise<T> {
    return requestJson(`${this.alertmanagerUrl}/api/v2/${path}`, options);
  }
}
