/** Where bytes come from. A File in the page, a file handle in Node, an array in tests. */
export interface ByteSource {
  readonly name: string;
  readonly byteLength: number;
  /** Bytes [start, end); fewer only where the source ends. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}
