/** One line of the benchmark's table, and how a time is taken. */

export interface Row {
  /** What is measured and what it is compared with. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The reference's figure in the same unit, from the same run; NaN where it could not be measured. */
  readonly reference: number;
  /** How many times better than the reference; for memory and quality: value ÷ reference. NaN where there is none. */
  readonly ratio: number;
  /** From the goals table of the project; for people. */
  readonly goal: string;
  /** Said beside the figure: sizes, agreement that was checked, why a reference is missing. */
  readonly note: string;
}

/** Sizes and repetitions. `quick` is for continuous integration: the same code on small data. */
export interface Scale {
  readonly quick: boolean;
  readonly runs: number;
  /** Told what is going on. */
  readonly say: (text: string) => void;
}

export interface Timed<A, B> {
  /** Milliseconds, the least of all runs: other programs on the machine only ever add. */
  readonly ours: number;
  readonly reference: number;
  readonly oursResult: A;
  readonly referenceResult: B;
}

/** Runs both sides in turn, `runs` times, so that what disturbs the machine disturbs both. */
export function inTurn<A, B>(runs: number, ours: () => A, reference: () => B): Timed<A, B> {
  let a = timed(ours);
  let b = timed(reference);
  let best = { ours: a.ms, reference: b.ms };
  for (let run = 1; run < runs; run++) {
    a = timed(ours);
    b = timed(reference);
    best = { ours: Math.min(a.ms, best.ours), reference: Math.min(b.ms, best.reference) };
  }
  return { ...best, oursResult: a.result, referenceResult: b.result };
}

export function timed<A>(body: () => A): { readonly ms: number; readonly result: A } {
  globalThis.gc?.();
  const begun = performance.now();
  const result = body();
  return { ms: performance.now() - begun, result };
}

/** A row of two times. */
export function faster(name: string, times: { readonly ours: number; readonly reference: number }, goal: string, note: string): Row {
  return { name, value: times.ours, unit: 'ms', reference: times.reference, ratio: times.reference / times.ours, goal, note };
}

/** Stops the benchmark where the two sides do not agree: a ratio between different answers means nothing. */
export function expectEqual(what: string, found: number | string, expected: number | string): void {
  if (found !== expected) throw new Error(`${what}: expected ${expected} as the reference has it, found ${found}`);
}
