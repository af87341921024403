/** A class of HTTP statuses as people write it: `2xx`. */
export const STATUS_CLASS_PATTERN = /^[1-5]xx$/;

/** Statuses of a list of numbers and classes: `2xx` stands for 200 to 299. */
export function expandStatuses(statuses: number | string | readonly (number | string)[]): number[] {
  return [statuses].flat().flatMap((status) => (typeof status === 'number' ? [status] : classOf(Number(status[0]))));
}

/** Statuses for people, whole classes as such: `2xx or 404`. */
export function formatStatuses(statuses: readonly number[]): string {
  const whole = [1, 2, 3, 4, 5].filter((first) => classOf(first).every((status) => statuses.includes(status)));
  const single = statuses.filter((status) => !whole.includes(Math.floor(status / 100)));
  return [...whole.map((first) => `${first}xx`), ...single].join(' or ');
}

function classOf(first: number): number[] {
  return Array.from({ length: 100 }, (_, rest) => first * 100 + rest);
}
