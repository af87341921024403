import { bySeverity } from './shared.ts';

/**
 * The e-mail as HTML; Go's html/template escapes every value in it. Tables and inline styles, as mail programs know no others. Colour only adds to
 * words. Plain text and subject are those of the other messages.
 */
export const EMAIL = `
{{ define "firedrill.email.text" -}}
{{ template "firedrill.text.title" . }}

{{ range .Alerts.Firing }}{{ template "firedrill.email.text.alert" . }}{{ end -}}
{{ range .Alerts.Resolved }}{{ template "firedrill.email.text.alert" . }}{{ end -}}
Alertmanager: {{ .ExternalURL }}
{{ end }}

{{ define "firedrill.email.text.alert" -}}
{{ template "firedrill.text.alert" . }}
{{- with .Annotations.runbook_url }}
Runbook: {{ . }}{{ end }}
{{- with .Annotations.dashboard_url }}
Dashboard: {{ . }}{{ end }}

{{ end }}

{{ define "firedrill.email.alert" -}}
<tr><td style="padding:16px 24px;border-top:1px solid #e1e4e8">
<div style="font-size:16px;line-height:22px;font-weight:600;color:#1b1f24">{{ or .Annotations.summary .Annotations.message .Labels.alertname }}</div>
{{ with .Annotations.description }}<div style="padding-top:6px;font-size:14px;line-height:20px;color:#1b1f24;white-space:pre-line">{{ . }}</div>{{ end }}
<table role="presentation" cellpadding="0" cellspacing="0" style="padding-top:10px;font-size:13px;line-height:20px">
{{ range .Labels.SortedPairs }}<tr><td style="padding-right:16px;color:#57606a;vertical-align:top;white-space:nowrap">{{ .Name }}</td><td style="color:#1b1f24;word-break:break-word">{{ .Value }}</td></tr>
{{ end }}<tr><td style="padding-right:16px;color:#57606a;vertical-align:top">time</td><td style="color:#1b1f24">{{ template "firedrill.times" . }}</td></tr>
</table>
<div style="padding-top:10px;font-size:14px">
{{- with .Annotations.runbook_url }}<a href="{{ . }}" style="color:#0550ae;padding-right:16px">Runbook</a>{{ end -}}
{{- with .Annotations.dashboard_url }}<a href="{{ . }}" style="color:#0550ae;padding-right:16px">Dashboard</a>{{ end -}}
{{- with .GeneratorURL }}<a href="{{ . }}" style="color:#0550ae">Query</a>{{ end -}}
</div>
</td></tr>
{{ end }}

{{ define "firedrill.email.html" -}}
<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ template "firedrill.text.title" . }}</title></head>
<body style="margin:0;padding:24px 8px;background:#f6f8fa;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" align="center" cellpadding="0" cellspacing="0" width="640" style="max-width:640px;width:100%;background:#ffffff;border:1px solid #d0d7de;border-collapse:collapse">
<tr><td style="padding:18px 24px;color:#ffffff;background:{{ template "firedrill.email.color" . }}">
<div style="font-size:18px;line-height:24px;font-weight:600">{{ template "firedrill.text.title" . }}</div>
</td></tr>
{{ with .Alerts.Firing }}{{ range . }}{{ template "firedrill.email.alert" . }}{{ end }}{{ end }}
{{ if and .Alerts.Firing .Alerts.Resolved }}<tr><td style="padding:12px 24px;border-top:1px solid #e1e4e8;background:#f6f8fa;font-size:14px;font-weight:600;color:#1a7f37">Resolved</td></tr>{{ end }}
{{ with .Alerts.Resolved }}{{ range . }}{{ template "firedrill.email.alert" . }}{{ end }}{{ end }}
<tr><td style="padding:12px 24px;border-top:1px solid #e1e4e8;font-size:12px;color:#57606a">
Sent to {{ .Receiver }} · <a href="{{ .ExternalURL }}" style="color:#57606a">Alertmanager</a>
</td></tr>
</table>
</body>
</html>
{{ end }}

${bySeverity('firedrill.email.color', {
  resolved: '#1a7f37',
  critical: '#b42318',
  warning: '#9a6700',
  info: '#0550ae',
  other: '#9a6700',
})}`;
