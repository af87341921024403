/** Something that the example needs is not there; the message says what, why, and what to do. */
export class Unavailable extends Error {
  name = 'Unavailable';
}
