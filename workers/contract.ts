/**
 * What may be asked of an object in another thread, derived from its own type: every verb becomes a promise; files cross as
 * blobs (those that grow by their handles),
 * callbacks by proxy, and what a verb writes to a sink is answered as blobs. Types only; everything else survives
 * structured clone.
 */
import type { ExportSink } from '../src/core/export/sink.ts';
import type { RangeFile } from '../src/core/source/range-file.ts';
import type { GrowingSource } from '../src/engine/input-file.ts';
import type { InputFile } from '../src/engine/input-file.ts';
import type { Session } from '../src/engine/session.ts';
import type { SessionScore } from '../src/engine/score/session-score.ts';

/** A dropped file with its path below the dropped folder, or one at an address that is read by ranges. */
export interface InputBlob {
  readonly path: string;
  readonly blob: Blob | RangeFile;
  /** It is followed as it grows; absent: it is read as it is. */
  readonly growing?: GrowingInput['growing'];
}

/** Stands for a sink: the worker makes one, and answers its files as blobs. */
export interface BlobsWanted {
  readonly sink: 'blobs';
}

/** A file that grows, with its path below the picked folder: whoever holds the handle or address can look at it again. */
export interface GrowingInput {
  readonly path: string;
  readonly growing: FileSystemFileHandle | RangeFile;
}

type Argument<A> = A extends GrowingSource
  ? GrowingInput
  : A extends ExportSink
    ? BlobsWanted
    : A extends readonly InputFile[]
      ? readonly InputBlob[]
      : A;
type Answer<A extends readonly unknown[], R> = ExportSink extends A[number]
  ? R extends readonly (infer F)[]
    ? readonly { readonly file: F; readonly blob: Blob }[]
    : never
  : R;

/** The verbs of `T`, and those of the objects in it, as another thread asks for them. */
export type Asked<T> = {
  readonly [V in keyof T]: T[V] extends (...args: infer A) => infer R
    ? (...args: { [I in keyof A]: Argument<A[I]> }) => Promise<Answer<A, Awaited<R>>>
    : Asked<T[V]>;
};

/** Verbs of scoring that belong to the session's own thread: they hand out columns that stay there. */
type Inner = 'version' | 'leave' | 'columns' | 'snapshot';

/** What the page may ask of the session worker: `Session` says what each verb does. */
export type SessionContract = Asked<Omit<Session, 'score'> & { readonly score: Omit<SessionScore, Inner> }>;
