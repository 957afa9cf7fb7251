/** A file to open, and how another thread reads it. */
import type { ByteSource } from '../core/source/byte-source.ts';
import type { InputFault } from './readers/reader.ts';

/** A file to read, as this platform hands it to another thread (a Blob, a path). */
export type InputHandle = { readonly blob: unknown } | { readonly path: string } | { readonly bytes: Uint8Array<ArrayBuffer> };

/** A file that grows, as a platform hands it over. */
export interface GrowingSource {
  readonly path: string;
  /** The file as it is now: what `source` and `handle` read must not be less than `source.byteLength`. */
  now(): Promise<InputFile>;
}

/** A file to open. `source` reads it here; `handle` lets another thread read it. */
export interface InputFile {
  readonly path: string;
  readonly source: ByteSource;
  readonly handle: InputHandle;
  /** What is missing of it; absent where it is whole. */
  readonly damage?: InputFault;
  /** What else there is to say of it. */
  readonly notes?: readonly InputFault[];
  /** Its SHA-256 by the manifest that lies beside it; absent: none says. */
  readonly written?: string;
  /** It is followed as it grows: read up to its last complete line, and further by `poll`. */
  readonly growing?: GrowingSource;
}
