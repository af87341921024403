/** The values that a result may have, both ends included unless said otherwise. NaN is outside: no comparison but != lets it through. */
export interface Range {
  min: number;
  max: number;
  /** `min` itself is no possible value. */
  minOpen: boolean;
  maxOpen: boolean;
}

export const ANY_VALUE: Range = { min: -Infinity, max: Infinity, minOpen: false, maxOpen: false };
export const NOT_NEGATIVE: Range = { ...ANY_VALUE, min: 0 };

/** A closed range. */
export function between(min: number, max: number): Range {
  return { min, max, minOpen: false, maxOpen: false };
}

/** Values that are in both. */
export function intersect(a: Range, b: Range): Range {
  const min = Math.max(a.min, b.min);
  const max = Math.min(a.max, b.max);
  return {
    min,
    max,
    minOpen: (a.min === min && a.minOpen) || (b.min === min && b.minOpen),
    maxOpen: (a.max === max && a.maxOpen) || (b.max === max && b.maxOpen),
  };
}

/** The smallest range that holds both. */
export function hull(a: Range, b: Range): Range {
  const min = Math.min(a.min, b.min);
  const max = Math.max(a.max, b.max);
  return {
    min,
    max,
    minOpen: (a.min !== min || a.minOpen) && (b.min !== min || b.minOpen),
    maxOpen: (a.max !== max || a.maxOpen) && (b.max !== max || b.maxOpen),
  };
}

/** Whether there is no value in it. */
export function isEmpty({ min, max, minOpen, maxOpen }: Range): boolean {
  return min > max || (min === max && (minOpen || maxOpen));
}

/** The values that a comparison with a number lets through. */
export function passing(op: string, limit: number): Range {
  switch (op) {
    case '>':
      return { ...ANY_VALUE, min: limit, minOpen: true };
    case '>=':
      return { ...ANY_VALUE, min: limit };
    case '<':
      return { ...ANY_VALUE, max: limit, maxOpen: true };
    case '<=':
      return { ...ANY_VALUE, max: limit };
    case '==':
      return between(limit, limit);
    default:
      return ANY_VALUE;
  }
}

/** The range of a sum, difference, product or quotient; any value where it is not worked out. */
export function combine(op: string, a: Range, b: Range): Range {
  switch (op) {
    case '+':
      return {
        min: a.min + b.min,
        max: a.max + b.max,
        minOpen: a.minOpen || b.minOpen,
        maxOpen: a.maxOpen || b.maxOpen,
      };
    case '-':
      return combine('+', a, negate(b));
    case '*':
      return product(a, b);
    case '/':
      // Across zero a quotient is anything.
      return b.min > 0 || (b.min === 0 && a.min >= 0) ? quotient(a, b) : ANY_VALUE;
    default:
      return ANY_VALUE;
  }
}

/** The range of the negative. */
export function negate({ min, max, minOpen, maxOpen }: Range): Range {
  return { min: -max, max: -min, minOpen: maxOpen, maxOpen: minOpen };
}

function product(a: Range, b: Range): Range {
  const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max].map((value) =>
    Number.isNaN(value) ? 0 : value,
  );
  return between(Math.min(...corners), Math.max(...corners));
}

function quotient(a: Range, b: Range): Range {
  const corners = [a.min / b.min, a.min / b.max, a.max / b.min, a.max / b.max].map((value) =>
    Number.isNaN(value) ? 0 : value,
  );
  return between(Math.min(...corners), Math.max(...corners));
}
