/**
 * The seam of bindings: files that are records only together, such as the chunks of one sample in an Inspect archive, or a folder with
 * one file for each model call of a rollout. A binding says by names alone which files belong together and in what order; they are
 * then written, as they are, into one input that the reader `bound` reads record by record and by address. Nothing is parsed and
 * nothing is held on the way, so a record is as large as its files and a log as large as the disk.
 *
 * A record is one JSON object: `{"member": <its name>, …}` with the content of a file at each key, or with an object of contents where
 * one key stands for several (`{"messages": {"0": …, "3": …}}`). What is no JSON of one file spoils that record alone.
 *
 * To add one: a file here with a `Binding`, a line in `registry.ts`, and a format that detects its records.
 */

import type { ByteSource } from '../../core/source/byte-source.ts';
import type { Inflated } from '../containers/container.ts';

/** A file's place in a record: its content at `key`, or at `key` and `sub` inside of that. Places of one key stand together. */
export interface BoundFile {
  readonly key: string;
  readonly sub?: string;
  /** As it was given. */
  readonly path: string;
  /** It is no JSON: its text becomes one JSON string. For short files. */
  readonly isText?: true;
}

export interface BoundRecord {
  /** What people call it. */
  readonly name: string;
  readonly files: readonly BoundFile[];
}

/** One input that is made of several files. */
export interface Bound {
  /** Its path among those that were given; empty: it is all of them. */
  readonly name: string;
  /** What surrounds the records: the `document` that a format finds in its context. */
  readonly around: readonly BoundFile[];
  readonly records: readonly BoundRecord[];
  /** Files that belong to it and say nothing further. */
  readonly passed: readonly string[];
  /** Each file is a line, of which a format makes records by itself (`Format.together`): no record is made here. */
  readonly isLines?: true;
}

export interface Binding {
  readonly id: string;
  /** `archive`: members of one; `folder`: files that are opened together. */
  readonly of: 'archive' | 'folder';
  /** No path is in two of them; a path in none stays a file of its own. @param paths with forward slashes, all that there are */
  bind(paths: readonly string[]): readonly Bound[];
  /**
   * Of a folder: whether its files are what their names say, by the first of them that is JSON. Untrusted. Where none is, or this says
   * no, all of them stay files of their own.
   */
  fits?(first: unknown): boolean;
  /** The JSON that stands for a file of a folder, where its own bytes are none. */
  content?(path: string, source: ByteSource): AsyncIterable<Inflated>;
}

/** The last step of a path and what is before it, without the slash. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const at = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(0, at)), name: path.slice(at + 1) };
}
