/** The seam of containers: what is packed in one stream of bytes, recognised by its first bytes and unpacked as far as it goes. */
import type { ByteSource } from '../../core/source/byte-source.ts';

/** Bytes that were unpacked, with the file read up to `read`. `fault`: why nothing more can be unpacked, on the last of them; else null. */
export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly read: number;
  readonly fault: string | null;
}

/** Its one member has the name of the file that holds it. */
export interface Container {
  /** Stable; names it in issues. */
  readonly id: string;
  recognises(head: Uint8Array): boolean;
  /** In order. Throws only where the source does. */
  inflate(source: ByteSource): AsyncGenerator<Inflated>;
}
