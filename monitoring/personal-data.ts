/** Labels that name a person. A service should not send them; where one does, no value of them is kept. */
export const PERSONAL_LABELS = ['user_id', 'username', 'email', 'session_id'] as const;

/** So many hashes that different persons stay different series: two of one would be one sample too many. 53 bits survive any reader of YAML. */
const MODULUS = Number.MAX_SAFE_INTEGER;
const SCRATCH = '__hashed_';

/**
 * `metric_relabel_configs` that put a hash in the place of each value of {@link PERSONAL_LABELS}. It is a pseudonym: who knows all user ids
 * can find theirs again. What must not be known at all is best not sent.
 */
export function hashPersonalLabels(labels: readonly string[] = PERSONAL_LABELS): object[] {
  return [
    ...labels.flatMap((label) => [
      { source_labels: [label], target_label: `${SCRATCH}${label}`, modulus: MODULUS, action: 'hashmod' },
      // A series without the label has a hash of nothing: it gets none.
      { source_labels: [label, `${SCRATCH}${label}`], regex: '.+;(.+)', target_label: label, action: 'replace' },
    ]),
    { regex: `${SCRATCH}.+`, action: 'labeldrop' },
  ];
}
