/** Buffers that chunks of a source are read into, again and again: fresh memory costs more than reading from a cached file does. */

type Bytes = Uint8Array<ArrayBuffer>;

/** What readers that have ended leave to the next one of this thread, and how many of them. */
let spare: Bytes[] = [];
const MOST_SPARE = 3;

export interface ChunkBuffers {
  /** One that nobody uses. */
  take(): Bytes;
  /** Nobody uses it any more. */
  free(buffer: Bytes): void;
  /** Nothing more is read: those that are free are left to the next reader. */
  leave(): void;
}

/** Buffers of `size` bytes. */
export function makeChunkBuffers(size: number): ChunkBuffers {
  let idle = spare.filter(({ length }) => length === size);
  spare = [];
  return {
    take: () => idle.pop() ?? new Uint8Array(size),
    free(buffer) {
      if (idle.length < MOST_SPARE) idle.push(buffer);
    },
    leave() {
      spare = idle;
      idle = [];
    },
  };
}
