import { expect, test } from 'vitest';
import { errorsInLog } from '../../../scripts/stack/log-errors.ts';

test.each([
  [
    'Prometheus 2.42',
    String.raw`ts=2026-01-02 caller=main.go:468 level=error msg="Error loading config" err="parsing YAML file p.yml: yaml: unmarshal errors:\n  line 1: field x not found"`,
    'parsing YAML file p.yml: yaml: unmarshal errors:\n  line 1: field x not found',
  ],
  [
    'Prometheus 3',
    String.raw`time=2026-01-02 level=ERROR source=manager.go:1 msg="loading groups failed" err="b.yml: 1:45: group \"g\": parse error"`,
    'b.yml: 1:45: group "g": parse error',
  ],
  [
    'Alertmanager 0.25, which gives some errors no level',
    'ts=2026 caller=coordinator.go:132 component=configuration msg="one or more config change subscribers failed to apply new config" err="failed to parse templates: open x.tmpl"',
    'failed to parse templates: open x.tmpl',
  ],
  ['an error of one word', 'level=error msg="Opening storage failed" err=EOF', 'EOF'],
])('the error is found in a line of %s', (_, line, text) => {
  expect(errorsInLog(['level=info msg="Starting"', line, line])).toEqual([text]);
});

test('lines that only say that there was an error are left out, and so are warnings', () => {
  expect(
    errorsInLog([
      'level=error msg="Failed to apply configuration" err="error loading rules, previous rule set restored"',
      'level=error err="error loading config from \\"p.yml\\": one or more errors occurred while applying the new configuration"',
      'level=warn msg="Scrape took long" err="slow"',
      'level=info msg="See you next time!"',
    ]),
  ).toEqual([]);
});
