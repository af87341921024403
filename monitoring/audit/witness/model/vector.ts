import type { Labels } from './world.ts';

/** An element of an instant vector; its labels hold `__name__` as long as the name lives. */
export interface Element {
  readonly labels: Labels;
  readonly value: number;
}

/** A series in a window: times in milliseconds with values. */
export interface RangeElement {
  readonly labels: Labels;
  readonly points: readonly (readonly [number, number])[];
}

/** A text that is the same for the same labels. */
export function keyOf(labels: Labels): string {
  return Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0001${labels[name]}`)
    .join('\u0002');
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function only(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

export function unnamed(labels: Labels): Labels {
  return labels.__name__ === undefined ? labels : without(labels, ['__name__']);
}

export function withLabel(labels: Labels, name: string, value: string): Labels {
  return value === '' ? without(labels, [name]) : { ...labels, [name]: value };
}
