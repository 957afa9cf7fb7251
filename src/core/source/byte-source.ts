/** Where bytes come from. A File in the page, a file handle in Node, an array in tests. */
export interface ByteSource {
  readonly name: string;
  readonly byteLength: number;
  /**
   * Bytes [start, end); fewer only where the source ends.
   * @param into room for them: what comes may be a view of it
   */
  read(start: number, end: number, into?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  /** What it was when it was made; absent, with `now`: nobody else can change it. */
  readonly made?: SourceState;
  /** What it is now. Rejects where it is gone. */
  now?(): Promise<SourceState>;
  /** Each read takes a while, as over a network: nothing is read of it that its state tells as well. */
  readonly isFar?: boolean;
}

/** What a host tells of a file without reading it. */
export interface SourceState {
  readonly byteLength: number;
  /** Another one wherever its content was written since; null: the host does not say. */
  readonly modified: string | null;
  /** Another one wherever its content, its names or its permissions were; null: the host does not say. */
  readonly touched: string | null;
}
