/** An alert that fires, as promtool prints it. */
export interface FiringAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An expectation on an alert that did not hold, and what fired instead. */
export interface AlertMismatch {
  /** Name of the test; null for a test without one. */
  readonly test: string | null;
  readonly alert: string;
  /** Time of the look, as promtool prints it: `1h5m`. */
  readonly time: string;
  readonly got: readonly FiringAlert[];
}

/** A rule that could not be evaluated; promtool leaves its test there, and does not tell which it is. */
export interface RuleFault {
  readonly rule: string;
  readonly message: string;
}

/** What `promtool test rules` had to complain about. */
export interface PromtoolComplaints {
  readonly mismatches: readonly AlertMismatch[];
  readonly faults: readonly RuleFault[];
  /** Lines that belong to neither: files that do not load, expectations on expressions. */
  readonly others: readonly string[];
}

const TEST = /^ {4}name: (.*),$/;
const ALERT = /^ {4}alertname: ?(.*), time: (\S+),\s*$/;
const FAULT = /^ {4}rule: (.*?), time: \S+, err: (.*)$/;
const LABELS = /^\s+Labels:(\{.*\})$/;
const ANNOTATIONS = /^\s+Annotations:(\{.*\}),?$/;

/** Reads what promtool 2.42 to 3.x prints to stdout and stderr, in whatever order the two come. */
export function readPromtoolOutput(text: string): PromtoolComplaints {
  const mismatches: AlertMismatch[] = [];
  const faults: RuleFault[] = [];
  const others: string[] = [];
  let test: string | null = null;
  let current: { test: string | null; alert: string; time: string; got: FiringAlert[] } | null = null;
  let listing = false;
  for (const line of text.split('\n')) {
    const named = TEST.exec(line);
    const alert = ALERT.exec(line);
    const fault = FAULT.exec(line);
    if (/^\s*FAILED:$/.test(line) || line.startsWith('Unit Testing:')) {
      test = null;
      current = null;
    } else if (named !== null) {
      test = named[1] ?? null;
      current = null;
    } else if (alert !== null) {
      current = { test, alert: alert[1] ?? '', time: alert[2] ?? '', got: [] };
      listing = false;
      mismatches.push(current);
    } else if (fault !== null) {
      faults.push({ rule: fault[1] ?? '', message: fault[2] ?? '' });
      current = null;
    } else if (current === null) {
      if (line.trim() !== '' && line.trim() !== 'SUCCESS') others.push(line);
    } else if (/^\s+got:\[/.test(line)) {
      listing = true;
    } else if (listing) {
      const labels = LABELS.exec(line);
      const annotations = ANNOTATIONS.exec(line);
      if (labels !== null) current.got.push({ labels: readPairs(labels[1] ?? ''), annotations: {} });
      const last = current.got.at(-1);
      if (annotations !== null && last !== undefined) {
        current.got[current.got.length - 1] = { ...last, annotations: readPairs(annotations[1] ?? '') };
      }
    }
  }
  return { mismatches, faults, others };
}

/** Label pairs as Go's quoting writes them: `{a="x", b="y\"z"}`. */
export function readPairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const [, quoted, plain, value = ''] of text.matchAll(
    /(?:"((?:[^"\\]|\\.)*)"|([^\s{},="]+))="((?:[^"\\]|\\.)*)"/g,
  )) {
    pairs[quoted === undefined ? (plain ?? '') : unquote(quoted)] = unquote(value);
  }
  return pairs;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unquote(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g, (_, x, u, long, other: string) => {
    const hex = x ?? u ?? long;
    return hex === undefined ? (ESCAPES[other] ?? other) : String.fromCodePoint(Number.parseInt(hex, 16));
  });
}
