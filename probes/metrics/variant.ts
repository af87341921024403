/** The settings that are on, as the name of a layout: `+tls+pattern`. */
export function variantOf(flags: Readonly<Record<string, boolean>>): string {
  return Object.entries(flags)
    .map(([name, on]) => (on ? `+${name}` : ''))
    .join('');
}
