/** How one kind of message writes text: with which escapes, and how it marks what stands out. */
export interface Channel {
  /** Names of its templates start with `firedrill.<name>.`. */
  name: string;
  /** A pipeline of Go's templates behind a value of an alert, beginning with `|`; empty where nothing needs escaping. */
  escape: string;
  bold: string;
}

export const CHANNELS: readonly Channel[] = [
  { name: 'text', escape: '', bold: '' },
  // The three characters that Slack asks to escape: with them go <!channel> and forged links.
  {
    name: 'slack',
    escape: '| reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"',
    bold: '*',
  },
  { name: 'discord', escape: String.raw`| reReplaceAll "([\\\\*_~\x60|<>#\\[\\]])" "\\$1"`, bold: '**' },
];

/** More alerts of a group than this are counted, not shown: Discord takes 2,096 characters, and nobody reads more. */
const SHOWN = 5;

/**
 * Title and text of a group of alerts. Alerts of other rule files, without labels and annotations of ours, come out readable too.
 * What a title holds stands on one line, whatever the labels hold.
 */
export function messageTemplates({ name, escape: escaped, bold }: Channel): string {
  const t = `firedrill.${name}`;
  const line = String.raw`| reReplaceAll "\\s+" " " ${escaped}`;
  return `
{{ define "${t}.subject" -}}
{{ .system ${line} }}{{ if and .system .service }}/{{ end }}{{ .service ${line} }}
{{- with .environment }} ({{ . ${line} }}){{ end -}}
{{- end }}

{{ define "${t}.title" -}}
{{ template "firedrill.status" . }} · {{ or .CommonLabels.alertname "several alerts" ${escaped} }}
{{- if or .CommonLabels.system .CommonLabels.service }} · {{ template "${t}.subject" .CommonLabels }}{{ end }}
{{- if gt (len .Alerts) 1 }} · {{ template "firedrill.count" . }}{{ end }}
{{- end }}

{{ define "${t}.facts" -}}
{{- if or .Labels.system .Labels.service }}{{ template "${t}.subject" .Labels }} · {{ end -}}
{{- with .Labels.objective }}objective {{ . ${line} }}{{ else }}{{ .Labels.alertname ${escaped} }}{{ end -}}
{{- with .Labels.team }} · team {{ . ${line} }}{{ end -}}
{{- range (.Labels.Remove ${SHOWN_APART}).SortedPairs }} · {{ .Name ${escaped} }}={{ .Value ${line} }}{{ end -}}
{{- end }}

{{ define "${t}.alert" -}}
${bold}{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ or .Annotations.summary .Annotations.message .Labels.alertname ${line} }}${bold}
{{- with .Annotations.description }}
{{ . ${escaped} }}{{ end }}
{{ template "${t}.facts" . }}
{{ template "firedrill.times" . }}
{{- end }}

{{ define "${t}.text" -}}
{{- $shown := "" -}}
${['Firing', 'Resolved'].map((state) => shownAlerts(state, t)).join('\n')}
{{- if gt (len .Alerts) ${SHOWN} }}

The first ${SHOWN} of {{ len .Alerts }} are shown.{{ end }}
{{- end }}
`;
}

/** Those of one state, while there is room. Go's templates cannot add; the length of a text counts. */
function shownAlerts(state: string, t: string): string {
  return `{{- range .Alerts.${state} }}{{ if lt (len $shown) ${SHOWN} }}{{ if $shown }}

{{ end }}{{ template "${t}.alert" . }}{{ $shown = printf "%s." $shown }}{{ end }}{{ end -}}`;
}

/** Labels that a message shows in words; all others are listed by name. */
const SHOWN_APART =
  '(stringSlice "alertname" "severity" "system" "service" "environment" "objective" "team" "escalation")';
