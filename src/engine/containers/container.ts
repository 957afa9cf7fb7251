/** The seam of containers: files that hold the bytes of others, recognised by their first bytes and unpacked as far as they go. */
import type { ByteSource } from '../../core/source/byte-source.ts';

/** Bytes that were unpacked, with the file read up to `read`. `fault`: why nothing more can be unpacked, on the last of them; else null. */
export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly read: number;
  readonly fault: string | null;
}

/** One file that a container holds. */
export interface Member {
  /** Its path inside; null: it has the name of the file that holds it. */
  readonly name: string | null;
  /** In order. Members are read in any order, once each or not at all. Throws only where the source does. */
  readonly bytes: AsyncIterable<Inflated>;
}

interface Recognised {
  /** Stable; names it in issues. */
  readonly id: string;
  recognises(head: Uint8Array): boolean;
}

/** One stream of bytes, which has the name of the file that holds it. */
export interface PackedStream extends Recognised {
  /** In order. Throws only where the source does. */
  inflate(source: ByteSource): AsyncGenerator<Inflated>;
}

/** Files with names. */
export interface Archive extends Recognised {
  /**
   * In order. Where the archive itself is damaged, a last member without name and bytes says why, and those that can be found
   * are given all the same. Throws only where the source does.
   */
  members(source: ByteSource): AsyncGenerator<Member>;
}

export type Container = PackedStream | Archive;

export async function* membersOf(container: Container, source: ByteSource): AsyncGenerator<Member> {
  if ('members' in container) yield* container.members(source);
  else yield { name: null, bytes: container.inflate(source) };
}
