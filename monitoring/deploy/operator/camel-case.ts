/** Settings as the operator's resources name them: `send_resolved` as `sendResolved`. Of one level; values are taken as they are. */
export function camelCase(settings: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [camelCaseName(key), value]));
}

/** One name. */
export function camelCaseName(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
