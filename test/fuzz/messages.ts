/** What a fuzzing thread is given and tells, and the memory that it shares with whoever watches it. */

/** What a thread begins with. */
export interface Task {
  readonly seed: number;
  readonly thread: number;
  /** The number of its first execution, and of the first that is not its own; Infinity: until it is stopped. */
  readonly from: number;
  readonly to: number;
  /** Only targets whose id has this in it. */
  readonly only: string;
  readonly grown: ReadonlyMap<string, readonly Uint8Array<ArrayBuffer>[]>;
  /** Inputs that are not to be run: they ended a thread before. */
  readonly without: readonly Uint8Array<ArrayBuffer>[];
  readonly shared: SharedArrayBuffer;
}

/** Something that was broken, by the smallest input that was found to break it. */
export interface Finding {
  readonly target: string;
  /** The same for all inputs that break it: the promise or the error's name, and where in the source. */
  readonly key: string;
  readonly message: string;
  readonly input: Uint8Array<ArrayBuffer>;
  readonly execution: number;
}

export interface MemoryPoint {
  readonly executions: number;
  /** Bytes in use after a collection, in the thread's heap and outside of it; of the whole process. */
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
}

export type Message =
  | { readonly type: 'counts'; readonly next: number; readonly counts: Readonly<Record<string, number>> }
  | { readonly type: 'grown'; readonly target: string; readonly input: Uint8Array<ArrayBuffer> }
  | { readonly type: 'found'; readonly finding: Finding }
  | { readonly type: 'again'; readonly key: string }
  | { readonly type: 'memory'; readonly point: Omit<MemoryPoint, 'executions'> }
  | { readonly type: 'blocks'; readonly seen: Uint8Array }
  | { readonly type: 'done' };

/** Words of the shared memory: runs begun, whether to stop, the target and the length of the input that is run; it follows. */
export const BEGUN = 0;
export const STOP = 1;
export const TARGET = 2;
export const LENGTH = 3;
export const EXECUTION = 4;
export const INPUT_AT = 32;
export const SHARED_BYTES = INPUT_AT + (1 << 17);
