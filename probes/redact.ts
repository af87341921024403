/** Takes secrets out of texts that people and machines get to read. */
export interface Redactor {
  /** Remembers a secret that was read. */
  note(secret: string): void;
  redact(text: string): string;
}

/** Shorter ones would blacken texts that have nothing to do with them. */
const MIN_SECRET_CHARACTERS = 4;
/** Rotated secrets remembered; the oldest are forgotten first. */
const KEPT = 256;
const MASK = '[secret]';

/**
 * A redactor without secrets. What a service echoes of a request ends up in the detail of a result: the secret itself, escaped in JSON or
 * in a URL, or inside a credential that was made of it. A secret that an excerpt cuts off is known by its beginning.
 */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    note(secret) {
      if (secret.length < MIN_SECRET_CHARACTERS || known.has(secret)) return;
      if (known.size >= KEPT) known.delete([...known][0] ?? '');
      known.add(secret);
    },
    redact(text) {
      if (text === '') return text;
      let clean = text.replace(/\b(Basic|Bearer)(\s+)[\w.~+/=-]{4,}/gi, `$1$2${MASK}`);
      // Longer ones first: one may begin with another.
      for (const secret of [...known].sort((a, b) => b.length - a.length)) {
        for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
          clean = clean.replaceAll(form, MASK);
        }
        clean = withoutCutSecret(clean, secret);
      }
      return clean;
    },
  };
}

/** Masks the beginning of a secret where the text, or an excerpt in quotes, breaks off. */
function withoutCutSecret(text: string, secret: string): string {
  let clean = text;
  for (let length = secret.length - 1; length >= MIN_SECRET_CHARACTERS; length -= 1) {
    const beginning = secret.slice(0, length);
    if (!clean.includes(beginning)) continue;
    for (const end of ['"', '...', '\u2026']) clean = clean.replaceAll(beginning + end, MASK + end);
    if (clean.endsWith(beginning)) clean = clean.slice(0, -length) + MASK;
  }
  return clean;
}
