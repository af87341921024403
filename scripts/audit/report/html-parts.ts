import { escapeHtml } from '../../report/escape-html.ts';

/** A part of the page; nothing without items. */
export function section(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${title} <small>${items.length}</small></h2><ul class="findings">${items.join('')}</ul></section>`;
}

/** A thing to read: what, why, where. All texts are foreign. */
export function item(outcome: string, subject: string, texts: readonly string[], place: string | null): string {
  const lines = texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
  const where = place === null ? '' : `<p><code>${escapeHtml(place)}</code></p>`;
  return `<li class="${outcome}"><h3>${escapeHtml(subject)}</h3>${lines}${where}</li>`;
}

/** A table; nothing without rows. All texts are foreign. */
export function table(
  title: string,
  head: readonly string[],
  rows: readonly { outcome: string; cells: readonly string[] }[],
): string {
  if (rows.length === 0) return '';
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag.split(' ')[0]}>`).join('');
  const body = rows.map(({ outcome, cells: texts }) => `<tr class="${outcome}">${cells('td', texts)}</tr>`).join('\n');
  return `<section><h2>${title} <small>${rows.length} rows</small></h2><div class="scroll"><table><thead><tr>${cells('th scope="col"', head)}</tr></thead><tbody>${body}</tbody></table></div></section>`;
}
