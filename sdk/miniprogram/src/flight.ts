// One at a time: who asks while it is under way gets the same answer, and afterwards it is forgotten.

export interface Flight<Result> {
  /** The one under way, or a new one. */
  join(): Promise<Result>;
  /** The one under way. */
  now: Promise<Result> | null;
}

/** Forgotten when it ends, well or badly: a failure that is kept would be everybody's for ever. */
export function flightOf<Result>(work: () => Promise<Result>): Flight<Result> {
  const flight: Flight<Result> = {
    now: null,
    join() {
      if (flight.now) return flight.now;
      const mine = (flight.now = work());
      const landed = () => {
        if (flight.now === mine) flight.now = null;
      };
      mine.then(landed, landed);
      return mine;
    },
  };
  return flight;
}
