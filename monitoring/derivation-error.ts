import type { Place } from '../thresholds/model.ts';

/** Something in the catalogue from which no rule or route can be derived. The message names place, value, rule and fix. */
export class DerivationError extends Error {
  override readonly name = 'DerivationError';
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(`${place.file}:${place.line}:${place.column}: ${message}`);
    this.place = place;
  }
}
