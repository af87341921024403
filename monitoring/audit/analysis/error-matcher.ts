import type { Matcher } from '../../promql/ast.ts';

/** Labels under which programs count what became of an event. */
const OUTCOME_LABEL =
  /^(status|state|result|outcome|code|error|reason|phase|type)$|_(status|state|result|outcome|code|error)$|^(status|response|grpc|http)_/;
const ERROR_VALUE = /err|fail|exception|timeout|reject|denied|fatal|panic|abort|crash|\b5(\d\d|\.\.|xx|\[0-9\]|\\d)/i;

/** Whether a matcher picks the series of errors among those of all events: `status=~"5.."`, `result="error"`. */
export function isErrorMatcher({ label, op, value }: Matcher): boolean {
  return (op === '=' || op === '=~') && OUTCOME_LABEL.test(label) && ERROR_VALUE.test(value);
}
