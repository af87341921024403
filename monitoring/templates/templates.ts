import { GENERATED } from '../header.ts';
import { EMAIL } from './email.ts';
import { CHANNELS, messageTemplates } from './messages.ts';
import { SHARED } from './shared.ts';

/** Where the templates lie, relative to `alertmanager.yml`. */
export const TEMPLATE_FILE = 'templates/firedrill.tmpl';

/** The text of `firedrill.tmpl`: every template that a receiver of ours names. Alertmanager 0.25 and later read it. */
export function deriveTemplates(): string {
  return `{{/* ${GENERATED} */}}\n${[SHARED, ...CHANNELS.map(messageTemplates), EMAIL].join('')}`;
}
