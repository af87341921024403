interface SeverityWords {
  resolved: string;
  critical: string;
  warning: string;
  info: string;
  other: string;
}

/** What all messages share: state and number of a group, times of an alert, and links of a group, of which the first alert's lead. */
export const SHARED = `${bySeverity('firedrill.status', {
  resolved: 'RESOLVED',
  critical: 'CRITICAL',
  warning: 'WARNING',
  info: 'INFO',
  other: 'FIRING',
})}
{{ define "firedrill.count" -}}
{{- if and .Alerts.Firing .Alerts.Resolved -}}{{ len .Alerts.Firing }} firing, {{ len .Alerts.Resolved }} resolved
{{- else -}}{{ len .Alerts }} alerts{{- end -}}
{{- end }}

{{ define "firedrill.times" -}}
since {{ .StartsAt.UTC.Format "2006-01-02 15:04:05" }} UTC
{{- if eq .Status "resolved" }} until {{ .EndsAt.UTC.Format "2006-01-02 15:04:05" }} UTC{{ end -}}
{{- end }}

{{ define "firedrill.runbook" }}{{ or (index .Alerts 0).Annotations.runbook_url .ExternalURL }}{{ end }}

{{ define "firedrill.dashboard" }}{{ or (index .Alerts 0).Annotations.dashboard_url .ExternalURL }}{{ end }}
${bySeverity('firedrill.slack.color', {
  resolved: 'good',
  critical: 'danger',
  warning: 'warning',
  info: '#439fe0',
  other: 'warning',
})}
{{ define "firedrill.discord.message" -}}
{{ template "firedrill.discord.text" . }}

[Runbook]({{ template "firedrill.runbook" . }}) · [Dashboard]({{ template "firedrill.dashboard" . }})
{{- end }}
${bySeverity('firedrill.pagerduty.severity', {
  resolved: 'info',
  critical: 'critical',
  warning: 'warning',
  info: 'info',
  other: 'error',
})}`;

/** A template that is one of these words, by the most urgent alert of a group that fires. */
export function bySeverity(name: string, { resolved, critical, warning, info, other }: SeverityWords): string {
  return String.raw`
{{ define "${name}" -}}
{{- $all := "" -}}
{{- range .Alerts.Firing -}}{{- $all = printf "%s[%s]" $all .Labels.severity -}}{{- end -}}
{{- if not .Alerts.Firing -}}${resolved}
{{- else if match "\\[critical\\]" $all -}}${critical}
{{- else if match "\\[warning\\]" $all -}}${warning}
{{- else if match "\\[info\\]" $all -}}${info}
{{- else -}}${other}{{- end -}}
{{- end }}
`;
}
