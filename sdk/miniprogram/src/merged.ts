// Copies with more in them: object spread came to JavaScript later than the clients that have to run this.

/** A new object with the fields of all; the later one wins. */
export function merged<One extends object, Other extends object>(one: One | undefined, other: Other): One & Other {
  return Object.assign({}, one, other);
}
