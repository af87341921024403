/** Rule files by a sentence, each the good one with one thing changed; `differs` says why promtool judges it otherwise. */
export interface FileCase {
  name: string;
  text: string;
  /** Part of the rule that is broken; null for a good file. */
  rule: string | null;
  differs?: string;
}

const GOOD = `groups:
  - name: g
    interval: 1m
    rules:
      - alert: A
        expr: up == 0
        for: 5m
        keep_firing_for: 1m
        labels:
          severity: page
        annotations:
          summary: "{{ $labels.instance }} is down"
      - record: job:up:sum
        expr: sum by (job) (up)
`;

const change = (from: string, to: string) => {
  if (!GOOD.includes(from)) throw new Error(`nothing to change: ${from}`);
  return GOOD.replace(from, to);
};

export const FILE_CASES: readonly FileCase[] = [
  { name: 'a good file', text: GOOD, rule: null },
  { name: 'CRLF line ends', text: GOOD.replaceAll('\n', '\r\n'), rule: null },
  { name: 'a byte order mark', text: `\ufeff${GOOD}`, rule: null },
  { name: 'JSON', text: '{"groups":[{"name":"g","rules":[{"alert":"A","expr":"up == 0"}]}]}', rule: null },
  {
    name: 'an anchor and its alias',
    text: change('          severity: page', '          severity: &s page\n          team: *s'),
    rule: null,
  },
  {
    name: 'a merged map',
    text: change('          severity: page', '          <<: {team: a}\n          severity: page'),
    rule: null,
  },
  {
    name: 'a quoted text whose second line is indented less',
    text: change('summary: "{{ $labels.instance }} is down"', 'summary: "{{ $labels.instance }}\n  is down"'),
    rule: null,
  },
  {
    name: 'an expression in a folded block',
    text: change('expr: up == 0', 'expr: >-\n          up\n          == 0'),
    rule: null,
  },
  { name: 'a label that is a number', text: change('severity: page', 'severity: 1'), rule: null },
  { name: 'a label that is null', text: change('severity: page', 'severity:'), rule: null },
  { name: 'a for of 0', text: change('for: 5m', 'for: 0'), rule: null },
  { name: 'a for of several units', text: change('for: 5m', 'for: 1h30m'), rule: null },
  { name: 'no rules in a group', text: 'groups:\n- name: g\n', rule: null },
  { name: 'an empty file', text: '', rule: 'no rule group', differs: 'nothing was audited' },
  { name: 'a file of blanks', text: '  \n \n', rule: 'no rule group', differs: 'nothing was audited' },
  {
    name: 'a list of groups that is empty',
    text: 'groups: []\n',
    rule: 'no rule group',
    differs: 'nothing was audited',
  },
  {
    name: 'a second document',
    text: `${GOOD}---\n${GOOD}`,
    rule: 'first document',
    differs: 'it never reads the second one',
  },
  { name: 'a text instead of a map', text: 'hello\n', rule: 'must be a map' },
  { name: 'a list instead of a map', text: '- groups\n', rule: 'must be a map' },
  { name: 'tabs as indentation', text: GOOD.replace('    interval', '\tinterval'), rule: 'not YAML' },
  {
    name: 'a quote that is never closed',
    text: change('"{{ $labels.instance }} is down"', '"{{ down'),
    rule: 'not YAML',
  },
  { name: 'a control character', text: change('up == 0', 'up == 0 \u0001'), rule: 'control character' },
  { name: 'a Helm template', text: `{{- if .Values.rules }}\n${GOOD}{{- end }}\n`, rule: 'not YAML' },
  { name: 'a Jinja template', text: `{% for x in y %}\n${GOOD}{% endfor %}\n`, rule: 'not YAML' },
  { name: 'an unknown key in the file', text: `${GOOD}other: 1\n`, rule: 'unknown key "other"' },
  { name: 'an unknown key in a group', text: change('interval: 1m', 'intervall: 1m'), rule: 'unknown key "intervall"' },
  { name: 'an unknown key in a rule', text: change('for: 5m', 'four: 5m'), rule: 'unknown key "four"' },
  { name: 'the same key twice', text: change('for: 5m', 'for: 5m\n        for: 6m'), rule: 'given twice' },
  {
    name: 'the same label twice',
    text: change('severity: page', 'severity: page\n          severity: warn'),
    rule: 'given twice',
  },
  { name: 'a group without a name', text: change('- name: g', '- name: ""'), rule: 'needs a name' },
  { name: 'two groups of one name', text: `${GOOD}  - name: g\n`, rule: 'given twice' },
  { name: 'groups that are a map', text: 'groups:\n  name: g\n', rule: 'must be a list' },
  {
    name: 'a rule that is a text',
    text: change('- record: job:up:sum\n        expr: sum by (job) (up)', '- a rule'),
    rule: 'must be a map',
  },
  {
    name: 'neither alert nor record',
    text: change('- record: job:up:sum\n        expr', '- expr'),
    rule: 'needs alert or record',
  },
  { name: 'both alert and record', text: change('alert: A', 'alert: A\n        record: b'), rule: 'not both' },
  { name: 'an alert without a name', text: change('alert: A', 'alert: ""'), rule: 'alert' },
  { name: 'no expression', text: change('        expr: up == 0\n', ''), rule: 'needs expr' },
  { name: 'an empty expression', text: change('expr: up == 0', 'expr: ""'), rule: 'expr is empty' },
  { name: 'an expression that is a map', text: change('expr: up == 0', 'expr: {up: 0}'), rule: 'must be text' },
  { name: 'an expression that is no PromQL', text: change('up == 0', 'up == =='), rule: 'Not PromQL' },
  { name: 'by after a function', text: change('up == 0', 'rate(x[5m]) by (a) > 0'), rule: 'Not PromQL' },
  { name: 'a function without its window', text: change('up == 0', 'rate(x) > 0'), rule: 'Not PromQL' },
  { name: 'a function that does not exist', text: change('up == 0', 'rates(x[5m]) > 0'), rule: 'Not PromQL' },
  {
    name: 'a window without a function',
    text: change('up == 0', 'x[5m]'),
    rule: 'Not PromQL',
    differs: 'it finds out only when it runs the rule',
  },
  { name: 'a regular expression that is none', text: change('up == 0', 'up{job=~"("} == 0'), rule: 'Not PromQL' },
  { name: 'two scalars compared without bool', text: change('up == 0', '1 > 2'), rule: 'Not PromQL' },
  { name: 'a set operator with a scalar', text: change('up == 0', 'up and 1'), rule: 'Not PromQL' },
  { name: 'a selector of everything', text: change('up == 0', '\'{job=~".*"} == 0\''), rule: 'Not PromQL' },
  { name: 'a for that is no duration', text: change('for: 5m', 'for: 5 minutes'), rule: 'must be a duration' },
  { name: 'a for that is a plain number', text: change('for: 5m', 'for: 300'), rule: 'must be a duration' },
  { name: 'a for with a fraction', text: change('for: 5m', 'for: 1.5h'), rule: 'must be a duration' },
  {
    name: 'an interval that is no duration',
    text: change('interval: 1m', 'interval: often'),
    rule: 'must be a duration',
  },
  { name: 'a limit that is no number', text: change('interval: 1m', 'limit: many'), rule: 'whole number' },
  {
    name: 'a recording rule with for',
    text: change('expr: sum by (job) (up)', 'expr: sum by (job) (up)\n        for: 5m'),
    rule: 'has no for',
  },
  {
    name: 'a recording rule with annotations',
    text: change('expr: sum by (job) (up)', 'expr: sum by (job) (up)\n        annotations: {a: b}'),
    rule: 'has no annotations',
  },
  {
    name: 'a recorded metric with a blank in its name',
    text: change('job:up:sum', 'job up sum'),
    rule: 'not a metric name',
  },
  {
    name: 'a label name with a dash',
    text: change('severity: page', 'the-severity: page'),
    rule: 'not allowed as a name',
  },
  { name: 'the label __name__', text: change('severity: page', '__name__: page'), rule: 'not allowed as a name' },
  { name: 'an annotation name with a dot', text: change('summary:', 'sum.mary:'), rule: 'not allowed as a name' },
  {
    name: 'labels that are a list',
    text: change('          severity: page', '          - severity'),
    rule: 'must be a map',
  },
  {
    name: 'a template that is never closed',
    text: change('{{ $labels.instance }}', '{{ $labels.instance'),
    rule: 'never closed',
  },
  {
    name: 'a template function that does not exist',
    text: change('{{ $labels.instance }}', '{{ labels.instance }}'),
    rule: 'does not exist',
  },
  {
    name: 'a template variable that does not exist',
    text: change('{{ $labels.instance }}', '{{ $label.instance }}'),
    rule: 'not defined',
  },
  {
    name: 'a template condition without its end',
    text: change('{{ $labels.instance }}', '{{ if $labels.instance }}'),
    rule: 'no {{ end }}',
  },
  {
    name: 'a template end without its condition',
    text: change('{{ $labels.instance }}', '{{ end }}'),
    rule: 'ends nothing',
  },
  {
    name: 'a template with a sign that means nothing',
    text: change('{{ $labels.instance }}', '{{ $labels.instance > 1 }}'),
    rule: 'unexpected ">"',
  },
  {
    name: 'a template without the blank after a name',
    text: change('"{{ $labels.instance }} is down"', '\'{{ index $labels"instance" }}\''),
    rule: 'where a blank must be',
  },
];
