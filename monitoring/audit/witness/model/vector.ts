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

/** Results of pure functions of labels, for as long as the labels live: the same few sets come by thousands of times. */
const keys = new WeakMap<Labels, string>();
const projections = new WeakMap<
  readonly string[],
  { kept: WeakMap<Labels, Labels>; dropped: WeakMap<Labels, Labels> }
>();

/** A text that is the same for the same labels. */
export function keyOf(labels: Labels): string {
  let key = keys.get(labels);
  if (key === undefined) {
    key = '';
    for (const name of sortedNames(labels)) key += `${name}\u0001${labels[name]}\u0002`;
    keys.set(labels, key);
  }
  return key;
}

function sortedNames(labels: Labels): string[] {
  const names = Object.keys(labels);
  for (let at = 1; at < names.length; at += 1) if ((names[at - 1] ?? '') > (names[at] ?? '')) return names.sort();
  return names;
}

/** The labels but for some. The list of names should live long: results are kept with it. */
export function without(labels: Labels, names: readonly string[]): Labels {
  return projected(labels, names, 'dropped');
}

/** Only some of the labels. The list of names should live long: results are kept with it. */
export function only(labels: Labels, names: readonly string[]): Labels {
  return projected(labels, names, 'kept');
}

const NAME = ['__name__'];

export function unnamed(labels: Labels): Labels {
  return labels.__name__ === undefined ? labels : without(labels, NAME);
}

export function withLabel(labels: Labels, name: string, value: string): Labels {
  const { [name]: _, ...rest } = labels;
  return value === '' ? rest : { ...rest, [name]: value };
}

function projected(labels: Labels, names: readonly string[], side: 'kept' | 'dropped'): Labels {
  let caches = projections.get(names);
  if (caches === undefined) {
    caches = { kept: new WeakMap(), dropped: new WeakMap() };
    projections.set(names, caches);
  }
  let found = caches[side].get(labels);
  if (found === undefined) {
    const projection: Record<string, string> = {};
    for (const name of Object.keys(labels)) {
      if (names.includes(name) === (side === 'kept')) projection[name] = labels[name] as string;
    }
    found = projection;
    caches[side].set(labels, found);
  }
  return found;
}
