/**
 * What a test of a fault or a bound saw, for the table in docs/reliability.md (`npm run reliability`). A test calls `proven` with what
 * it observed in this very run, after its assertions.
 */
declare module 'vitest' {
  interface TaskMeta {
    proven?: Proof[];
  }
}

export interface Proof {
  /** The section of the table. */
  readonly part: 'Input' | 'Output' | 'Numbers' | 'Bounds' | 'Watchdog' | 'Page and server' | 'Faults' | 'Supply chain';
  /** What was done: "One bit of a zstd frame is flipped". */
  readonly fault: string;
  /** What was seen, with figures of this run: "an issue at the member; 8 records = 8 rollouts". No times and no paths. */
  readonly happened: string;
}

export function proven(task: { readonly meta: import('vitest').TaskMeta }, proof: Proof): void {
  (task.meta.proven ??= []).push(proof);
}
